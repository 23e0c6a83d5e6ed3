// Answers for Dockerfiles as BuildKit does: whether it refuses them, and which of its checks speak.
//
// Reads lines of JSON, {"id": "...", "text": "..."}, and writes one line for each:
// {"id": "...", "refused": "the error", "line": 3, "checks": [["StageNameCasing", 1]]}
// The build is one on linux/amd64 that is told nothing; every base image is there for every platform, with nothing but
// PATH in its environment, or with what "environment" of the input says of the image.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/distribution/reference"
	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/client/llb/sourceresolver"
	"github.com/moby/buildkit/frontend/dockerfile/dockerfile2llb"
	"github.com/moby/buildkit/frontend/dockerui"
	"github.com/moby/buildkit/solver/pb"
	digest "github.com/opencontainers/go-digest"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
)

type question struct {
	ID   string `json:"id"`
	Text string `json:"text"`
	// Environment of base images by repository, `node` or `ghcr.io/owner/name`: entries NAME=value.
	Environment map[string][]string `json:"environment"`
}

type answer struct {
	ID      string   `json:"id"`
	Refused string   `json:"refused,omitempty"`
	Line    int32    `json:"line,omitempty"`
	Checks  [][2]any `json:"checks,omitempty"`
}

// images answers for every image without asking anybody.
type images struct {
	environment map[string][]string
}

func (known images) ResolveImageConfig(_ context.Context, name string, options sourceresolver.Opt) (string, digest.Digest, []byte, error) {
	platform := ocispecs.Platform{OS: "linux", Architecture: "amd64"}
	if options.ImageOpt != nil && options.ImageOpt.Platform != nil {
		platform = *options.ImageOpt.Platform
	}
	environment := []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
	if named, err := reference.ParseNormalizedNamed(name); err == nil {
		environment = append(environment, known.environment[reference.FamiliarName(named)]...)
	}
	image := ocispecs.Image{Platform: platform, Config: ocispecs.ImageConfig{Env: environment}}
	text, err := json.Marshal(image)
	return name, digest.FromBytes(text), text, err
}

func ask(asked question) (given answer) {
	given.ID = asked.ID
	// A fault of BuildKit's own is an answer as well: it does not build this file.
	defer func() {
		if fault := recover(); fault != nil {
			given.Refused = fmt.Sprint("panic: ", fault)
		}
	}()
	platform := ocispecs.Platform{OS: "linux", Architecture: "amd64"}
	capabilities := pb.Caps.CapSet(pb.Caps.All())
	source := llb.NewSourceMap(nil, "Dockerfile", "Dockerfile", []byte(asked.Text))
	source.Definition = &llb.Definition{}
	results, err := dockerfile2llb.DockerfileLint(context.Background(), []byte(asked.Text), dockerfile2llb.ConvertOpt{
		Config:         dockerui.Config{BuildPlatforms: []ocispecs.Platform{platform}},
		TargetPlatform: &platform,
		SourceMap:      source,
		MetaResolver:   images{asked.Environment},
		LLBCaps:        &capabilities,
	})
	if err != nil {
		given.Refused = err.Error()
		return
	}
	if results.Error != nil {
		given.Refused = results.Error.Message
		if location := results.Error.Location; len(location.Ranges) > 0 {
			given.Line = location.Ranges[0].Start.Line
		}
	}
	for _, warning := range results.Warnings {
		var line int32
		if len(warning.Location.Ranges) > 0 {
			line = warning.Location.Ranges[0].Start.Line
		}
		given.Checks = append(given.Checks, [2]any{strings.TrimPrefix(warning.RuleName, "linter."), line})
	}
	return
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	decoder := json.NewDecoder(in)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	for decoder.More() {
		var asked question
		if err := decoder.Decode(&asked); err != nil {
			fmt.Fprintln(os.Stderr, "not a line of JSON:", err)
			os.Exit(2)
		}
		if err := encoder.Encode(ask(asked)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
	}
}
