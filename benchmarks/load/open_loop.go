// An open loop: requests are sent at a fixed rate, whether or not earlier ones were answered, over many connections that
// stay open. Latency counts from the moment at which a request was due, so that a server that stalls cannot hide it.
// Go's own HTTP client takes more time for a request than the server does; this one knows as much as it has to.
//
// Usage: open_loop URL FILE RATE SECONDS CONNECTIONS; FILE holds one path on each line. Prints one line of JSON.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"log"
	"net"
	"net/textproto"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"
)

const patience = 10 * time.Second

// connection is one that stays open; it is opened anew after a failure.
type connection struct {
	host   string
	socket net.Conn
	reader *bufio.Reader
}

// get asks for a path and reads the answer; it fails unless that is a whole one with status 200.
func (c *connection) get(path string) error {
	if c.socket == nil {
		socket, err := net.DialTimeout("tcp", c.host, patience)
		if err != nil {
			return err
		}
		c.socket, c.reader = socket, bufio.NewReaderSize(socket, 64*1024)
	}
	err := c.exchange(path)
	if err != nil {
		c.socket.Close()
		c.socket = nil
	}
	return err
}

func (c *connection) exchange(path string) error {
	c.socket.SetDeadline(time.Now().Add(patience))
	if _, err := c.socket.Write([]byte("GET " + path + " HTTP/1.1\r\nHost: " + c.host + "\r\n\r\n")); err != nil {
		return err
	}
	lines := textproto.NewReader(c.reader)
	status, err := lines.ReadLine()
	if err != nil {
		return err
	}
	if !strings.HasPrefix(status, "HTTP/1.1 200") {
		return fmt.Errorf("%s", status)
	}
	length := -1
	for {
		line, err := lines.ReadLine()
		if err != nil {
			return err
		}
		if line == "" {
			break
		}
		if name, value, _ := strings.Cut(line, ":"); strings.EqualFold(name, "content-length") {
			if length, err = strconv.Atoi(strings.TrimSpace(value)); err != nil {
				return err
			}
		}
	}
	if length < 0 {
		return fmt.Errorf("%s does not say how long it is", path)
	}
	_, err = c.reader.Discard(length)
	return err
}

func number(text string) int {
	value, err := strconv.Atoi(text)
	if err != nil || value < 1 {
		log.Fatalf("%q is no number", text)
	}
	return value
}

func paths(name string) []string {
	file, err := os.Open(name)
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()
	var found []string
	scanner := bufio.NewScanner(file)
	for scanner.Scan() {
		found = append(found, scanner.Text())
	}
	return found
}

func main() {
	host, list := strings.TrimPrefix(os.Args[1], "http://"), paths(os.Args[2])
	rate, seconds, connections := number(os.Args[3]), number(os.Args[4]), number(os.Args[5])
	total := rate * seconds
	took := make([]float64, total)
	failed := make([]bool, total)
	due := make(chan int, total)
	began := time.Now()
	at := func(index int) time.Time {
		return began.Add(time.Duration(float64(index) / float64(rate) * float64(time.Second)))
	}
	var working sync.WaitGroup
	for range connections {
		working.Add(1)
		go func() {
			defer working.Done()
			client := connection{host: host}
			for index := range due {
				failed[index] = client.get(list[index%len(list)]) != nil
				took[index] = float64(time.Since(at(index))) / float64(time.Millisecond)
			}
		}()
	}
	for index := range total {
		if wait := time.Until(at(index)); wait > time.Millisecond {
			time.Sleep(wait)
		}
		due <- index
	}
	close(due)
	working.Wait()
	bad := 0
	for _, one := range failed {
		if one {
			bad++
		}
	}
	elapsed := time.Since(began).Seconds()
	sort.Float64s(took)
	result := map[string]float64{
		"requests": float64(total), "seconds": elapsed, "failed": float64(bad),
		"p50_ms": took[total/2], "p99_ms": took[total*99/100], "max_ms": took[total-1],
	}
	line, err := json.Marshal(result)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(line))
}
