package openai

// shapes are streams as servers write them, made up.
var shapes = []string{
	// OpenAI, with padding
	`data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","service_tier":"default","system_fingerprint":null,"choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"finish_reason":null}],"usage":null,"obfuscation":"x"}

data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","service_tier":"default","system_fingerprint":null,"choices":[{"index":0,"delta":{"content":"Hel"},"finish_reason":null}],"usage":null,"obfuscation":"ab12"}

data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","service_tier":"default","system_fingerprint":null,"choices":[{"index":0,"delta":{"content":"lo \"you\"\n"},"finish_reason":null}],"usage":null,"obfuscation":""}

data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","service_tier":"default","system_fingerprint":null,"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null,"obfuscation":"a"}

data: {"id":"c","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":8}}}

data: [DONE]

`,
	// two calls in pieces
	`data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"send_sms","arguments":""}}]}}]}

data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"te"}}]}}]}

data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"b","type":"function","function":{"name":"end_call","arguments":"{}"}}]}}]}

data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"xt\":1}"}}]},"finish_reason":"tool_calls"}]}

data: [DONE]

`,
	`{"choices":[{"index":0,"message":{"role":"assistant","content":"Hi.","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":3,"completion_tokens":1}}`,
	": PROCESSING\r\n\r\nevent: error\r\ndata: {\"error\":{\"message\":\"no\",\"code\":\"rate_limit_exceeded\"}}\r\n\r\n",
	"data: {\"choices\":[{\"delta\":{\"content\":\"\\u00e9\\ud83d\\ude00\\ud83d é\"}}]}\n\ndata: [DONE]\n\n",
	"data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}],\ndata: \"usage\":null}\n\ndata: [DONE]",
}

// hostile are bodies that no server should send.
var hostile = []string{
	"", "\n", "\xef\xbb\xbf", "data:", "data: \n\n", "data: [DONE]", "data: null\n\ndata: [DONE]\n\n", "data: 1\n\n", "data: []\n\n", "data: {}\n\ndata: [DONE]\n\n",
	"data: {\"Choices\":[{\"delta\":{\"Content\":\"a\"}}]}\n\n", "data: {\"choices\":null,\"choices\":[{}]}\n\n", "data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"no\"}}]}\n\n",
	"data: {\"choices\":[{\"delta\":{\"content\":\"a\",\"content\":\"b\"}}]}\n\n", "data: {\"choices\":[{\"delta\":{\"content\":\"\xff\"}}]}\n\n", "data: {\"choices\":[{\"delta\":{\"content\":\"\x01\"}}]}\n\n",
	"data: {\"choices\":[{\"delta\":{\"content\":\"a\"},\"index\":00}]}\n\n", "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]} x\n\n", "data: {\"choices\":[{\"finish_reason\":\"banana\"}]}\n\n",
	"{", "{}", "[]", "[{\"error\":{\"code\":429}}]", "{\"error\":\"no\"}", "{\"choices\":[]}", "{\"choices\":[{\"message\":null}]}", "{\"choices\":[{\"message\":{\"content\":5}}]}", "null", "<html>", "x: {\"choices\":[]}",
	"data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"function\":{\"arguments\":\"}\"}}]},\"finish_reason\":\"length\"}]}\n\n",
	"data: {\"choices\":[{\"delta\":{\"refusal\":\"No.\"},\"finish_reason\":\"stop\"}]}\n\n", "data: {\"object\":\"error\",\"message\":\"m\",\"code\":400}\n\n",
	"data: {\"x_groq\":{\"error\":\"e\"},\"choices\":[]}\n\n", "data: {\"choices\":[{\"error\":{\"code\":502}}]}\n\n", "event: error\ndata: boom\n\n", "data\n", "data: {\n\ndata: [DONE]\n\n",
}
