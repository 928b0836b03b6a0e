// Answers, with Docker's own code, which paths an ignore file keeps out.
// Reads one JSON object a line: {"text": "...", "paths": ["..."]}; writes {"error": "..."} or {"ignored": [true, ...]}.
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
)

type question struct {
	Text  string   `json:"text"`
	Paths []string `json:"paths"`
}

type answer struct {
	Error   string `json:"error,omitempty"`
	Ignored []bool `json:"ignored"`
}

func main() {
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(make([]byte, 1<<20), 1<<24)
	output := bufio.NewWriter(os.Stdout)
	defer output.Flush()
	encoder := json.NewEncoder(output)
	for input.Scan() {
		var asked question
		if err := json.Unmarshal(input.Bytes(), &asked); err != nil {
			panic(err)
		}
		if err := encoder.Encode(judge(asked)); err != nil {
			panic(err)
		}
	}
}

func judge(asked question) answer {
	patterns, err := ignorefile.ReadAll(strings.NewReader(asked.Text))
	if err != nil {
		return answer{Error: err.Error()}
	}
	matcher, err := patternmatcher.New(patterns)
	if err != nil {
		return answer{Error: err.Error()}
	}
	ignored := make([]bool, len(asked.Paths))
	for index, path := range asked.Paths {
		matches, err := matcher.MatchesOrParentMatches(path)
		if err != nil {
			return answer{Error: err.Error()}
		}
		ignored[index] = matches
	}
	return answer{Ignored: ignored}
}
