//go:build !peers

package main

// peers are those that this module does not require: prompt/peers.mod does.
func peers([]string) ([]way, error) { return nil, nil }

const (
	adkGo          = ""
	genkitPrompt   = ""
	langchainGo    = ""
	langchainBrace = ""
)
