// Command pages lists the pages of a Markdown note as HTML.
package main

import (
	"bytes"
	"embed"
	"fmt"
	"log"
	"net/http"
	"os"

	"github.com/yuin/goldmark"
)

//go:embed notes
var notes embed.FS

func main() {
	port := os.Getenv("PORT")
	if port == "" {
		port = "8080"
	}
	http.HandleFunc("/health", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	http.HandleFunc("/notes/{name}", showNote)
	log.Printf("listening on :%s", port)
	log.Fatal(http.ListenAndServe(":"+port, nil))
}

func showNote(w http.ResponseWriter, r *http.Request) {
	text, err := notes.ReadFile("notes/" + r.PathValue("name") + ".md")
	if err != nil {
		http.NotFound(w, r)
		return
	}
	var html bytes.Buffer
	if err := goldmark.Convert(text, &html); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Write(html.Bytes())
}
