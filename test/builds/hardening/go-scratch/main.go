// Says whether HTTPS addresses could be called.
package main

import (
	"crypto/x509"
	"fmt"
	"net/http"
	"os"
)

func main() {
	if len(os.Args) > 1 {
		_, err := http.Get("https://example.com/" + os.Args[1])
		fmt.Println(err)
		return
	}
	pool, err := x509.SystemCertPool()
	if err != nil || pool.Equal(x509.NewCertPool()) {
		fmt.Println("no authorities", err)
		os.Exit(1)
	}
	fmt.Println("authorities found")
}
