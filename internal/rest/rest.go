// Package rest lets the test kit know when a call waits for its caller, so that calls in tests go on when Sona rests and
// not when a clock says so. It is internal: no host can come upon it by accident. It imports nothing.
package rest

// Inputs is how many inputs of the host a session has taken.
type Inputs int

// Port is a runtime.Port that is told whenever nothing is under way any more.
type Port interface{ Rest(taken Inputs) }
