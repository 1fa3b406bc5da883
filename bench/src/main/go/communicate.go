// Go's os/exec with a buffer for each output. A worker of the comparison: see Worker.java for its arguments and answers.
package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"log"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"time"
)

func load(path string) []byte {
	if path[0] != '/' {
		return nil
	}
	file, err := os.ReadFile(path)
	if err != nil {
		log.Fatal(err)
	}
	return file
}

func talk(program []string, input []byte, streams int) ([]byte, []byte) {
	var stdout, stderr bytes.Buffer
	child := exec.Command(program[0], program[1:]...)
	child.Stdin = os.Stdin
	if input != nil {
		child.Stdin = bytes.NewReader(input)
	}
	child.Stdout = &stdout
	child.Stderr = os.Stderr
	if streams == 2 {
		child.Stderr = &stderr
	}
	if err := child.Run(); err != nil {
		log.Fatal(err)
	}
	return stdout.Bytes(), stderr.Bytes()
}

func spawn(program []string) {
	child := exec.Command(program[0], program[1:]...)
	child.Stdin, child.Stdout, child.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := child.Run(); err != nil {
		log.Fatal(err)
	}
}

// The context kills the child, and Wait returns once it is collected and the pipe is at its end.
func timeOut(program []string, nanos int64) int64 {
	var stdout bytes.Buffer
	within, cancel := context.WithTimeout(context.Background(), time.Duration(nanos))
	defer cancel()
	start := time.Now()
	child := exec.CommandContext(within, program[0], program[1:]...)
	child.Stdout = &stdout
	if err := child.Run(); err == nil {
		log.Fatal("the child ended early")
	}
	return time.Since(start).Nanoseconds() - nanos
}

func many(program []string, count int, expected []byte) bool {
	var group sync.WaitGroup
	good := make([]bool, count)
	for i := range count {
		group.Add(1)
		go func() {
			defer group.Done()
			stdout, _ := talk(program, nil, 1)
			good[i] = bytes.Equal(stdout, expected)
		}()
	}
	group.Wait()
	for _, one := range good {
		if !one {
			return false
		}
	}
	return true
}

func asExpected(got []byte, expectation string, expected []byte) bool {
	if expectation == "zeros" {
		return len(got) > 0 && got[0] == 0 && bytes.Equal(got[1:], got[:len(got)-1])
	}
	return bytes.Equal(got, expected)
}

func main() {
	what, input, expected := os.Args[1], load(os.Args[2]), load(os.Args[3])
	streams, _ := strconv.Atoi(os.Args[4])
	number, _ := strconv.ParseInt(os.Args[5], 10, 64)
	program := os.Args[6:]
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var stdout, stderr []byte
		var nanos int64
		good := true
		start := time.Now()
		switch what {
		case "talk":
			stdout, stderr = talk(program, input, streams)
			nanos = time.Since(start).Nanoseconds()
			good = asExpected(stdout, os.Args[3], expected)
			if streams == 2 {
				good = good && asExpected(stderr, os.Args[3], expected)
			}
		case "spawn":
			spawn(program)
			nanos = time.Since(start).Nanoseconds()
		case "timeout":
			nanos = timeOut(program, number)
		case "many":
			good = many(program, int(number), expected)
			nanos = time.Since(start).Nanoseconds()
		}
		verdict := "bad"
		if good {
			verdict = "good"
		}
		fmt.Println(nanos, len(stdout), len(stderr), verdict, -1)
	}
}
