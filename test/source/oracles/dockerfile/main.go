// Answers, with BuildKit's own parser, how a Dockerfile falls into instructions, and whether BuildKit refuses it.
// Reads one JSON text a line; writes {"error": "...", "nodes": [...]} for each.
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

type node struct {
	Keyword string   `json:"keyword"`
	Line    int      `json:"line"`
	Flags   []string `json:"flags"`
	Words   []string `json:"words"`
	JSON    bool     `json:"json"`
	Heredoc int      `json:"heredocs"`
}

type stage struct {
	Name  string   `json:"name"`
	Base  string   `json:"base"`
	Line  int      `json:"line"`
	Names []string `json:"keywords"`
}

type answer struct {
	ParseError       string  `json:"parseError,omitempty"`
	InstructionError string  `json:"instructionError,omitempty"`
	Nodes            []node  `json:"nodes"`
	Stages           []stage `json:"stages"`
}

func main() {
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(make([]byte, 1<<20), 1<<24)
	output := bufio.NewWriter(os.Stdout)
	defer output.Flush()
	encoder := json.NewEncoder(output)
	for input.Scan() {
		var text string
		if err := json.Unmarshal(input.Bytes(), &text); err != nil {
			panic(err)
		}
		if err := encoder.Encode(judge(text)); err != nil {
			panic(err)
		}
	}
}

func judge(text string) answer {
	result, err := parser.Parse(strings.NewReader(text))
	if err != nil {
		return answer{ParseError: err.Error()}
	}
	var given answer
	for _, child := range result.AST.Children {
		one := node{
			Keyword: strings.ToUpper(child.Value),
			Line:    child.StartLine,
			Flags:   child.Flags,
			JSON:    child.Attributes["json"],
			Heredoc: len(child.Heredocs),
		}
		for next := child.Next; next != nil; next = next.Next {
			one.Words = append(one.Words, next.Value)
		}
		given.Nodes = append(given.Nodes, one)
	}
	stages, _, err := instructions.Parse(result.AST, nil)
	if err != nil {
		given.InstructionError = err.Error()
		return given
	}
	for _, parsed := range stages {
		one := stage{Name: parsed.Name, Base: parsed.BaseName, Line: parsed.Location[0].Start.Line}
		for _, command := range parsed.Commands {
			one.Names = append(one.Names, strings.ToUpper(command.Name()))
		}
		given.Stages = append(given.Stages, one)
	}
	return given
}
