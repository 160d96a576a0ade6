package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"

	"driver/attestation"
)

func main() {
	capacity, _ := strconv.Atoi(os.Args[2])
	verifier, err := attestation.New(os.Args[1], capacity)
	if err != nil {
		panic(err)
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		f := strings.Split(lines.Text(), "\t")
		now, _ := strconv.ParseInt(f[0], 10, 64)
		if c := verifier.Verify(f[4], f[1], f[2], f[3], now); c == nil {
			fmt.Println("refused")
		} else {
			fmt.Printf("%s|%s|%d|%s|%s|%s|%d\n", c.Decision, c.Source, c.Level, c.Entity, c.Reference, c.FailOpen, c.Expires)
		}
	}
}
