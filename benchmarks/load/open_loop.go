// An open loop: requests are sent at a fixed rate, whether or not earlier ones were answered, over many connections that
// stay open. Latency counts from the moment at which a request was due, so that a server that stalls cannot hide it.
//
// Usage: open_loop URL FILE RATE SECONDS CONNECTIONS; FILE holds one path on each line. Prints one line of JSON.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"sort"
	"strconv"
	"sync"
	"time"
)

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
	url, list := os.Args[1], paths(os.Args[2])
	rate, seconds, connections := number(os.Args[3]), number(os.Args[4]), number(os.Args[5])
	client := &http.Client{
		Timeout:   10 * time.Second,
		Transport: &http.Transport{MaxIdleConnsPerHost: connections, MaxConnsPerHost: connections},
	}
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
			for index := range due {
				answer, err := client.Get(url + list[index%len(list)])
				if err == nil {
					_, err = io.Copy(io.Discard, answer.Body)
					answer.Body.Close()
				}
				failed[index] = err != nil || answer.StatusCode != http.StatusOK
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
