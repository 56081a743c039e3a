// The contender in Go: all entities in memory, JSON encoded at each request, as servers of this kind in Go do it.
//
// Entities are structs, which encoding/json knows best how to encode. Under /loose they are maps, as servers have them
// whose entities have no type that is known when they are compiled.
//
// Usage: memory PORT FILE, where FILE holds one entity as JSON on each line.
package main

import (
	"bufio"
	"encoding/json"
	"log"
	"net/http"
	"net/url"
	"os"
	"sort"
	"strconv"
	"strings"
)

// Server is one entity, with the fields that the catalog shows.
type Server struct {
	ID                  string         `json:"id"`
	Name                string         `json:"name"`
	Description         string         `json:"description,omitempty"`
	ServerURL           string         `json:"serverUrl,omitempty"`
	TransportType       string         `json:"transportType,omitempty"`
	ToolCount           int            `json:"toolCount"`
	ResourceCount       int            `json:"resourceCount"`
	PromptCount         int            `json:"promptCount"`
	DeploymentMode      string         `json:"deploymentMode,omitempty"`
	Image               string         `json:"image,omitempty"`
	Endpoint            string         `json:"endpoint,omitempty"`
	SupportedTransports string         `json:"supportedTransports,omitempty"`
	License             string         `json:"license,omitempty"`
	Provider            string         `json:"provider,omitempty"`
	Logo                string         `json:"logo,omitempty"`
	Category            string         `json:"category,omitempty"`
	Verified            bool           `json:"verified"`
	Certified           bool           `json:"certified"`
	SourceID            string         `json:"sourceId"`
	Created             string         `json:"createTimeSinceEpoch"`
	Updated             string         `json:"lastUpdateTimeSinceEpoch"`
	CustomProperties    map[string]any `json:"customProperties,omitempty"`
}

type page[T any] struct {
	Items         []T    `json:"items"`
	NextPageToken string `json:"nextPageToken"`
	PageSize      int    `json:"pageSize"`
	Size          int    `json:"size"`
}

func pageOf[T any](found []T, query url.Values) page[T] {
	size := number(query.Get("pageSize"), 20)
	start := min(number(query.Get("pageToken"), 0), len(found))
	end := min(start+size, len(found))
	next := ""
	if end < len(found) {
		next = strconv.Itoa(end)
	}
	return page[T]{Items: found[start:end], NextPageToken: next, PageSize: size, Size: end - start}
}

func loosened(servers []*Server) []map[string]any {
	maps := make([]map[string]any, len(servers))
	for index, server := range servers {
		text, err := json.Marshal(server)
		if err == nil {
			err = json.Unmarshal(text, &maps[index])
		}
		if err != nil {
			log.Fatal(err)
		}
	}
	return maps
}

func read(path string) []*Server {
	file, err := os.Open(path)
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()
	var servers []*Server
	scanner := bufio.NewScanner(file)
	scanner.Buffer(make([]byte, 1<<20), 1<<24)
	for scanner.Scan() {
		server := new(Server)
		if err := json.Unmarshal(scanner.Bytes(), server); err != nil {
			log.Fatal(err)
		}
		servers = append(servers, server)
	}
	sort.Slice(servers, func(a, b int) bool { return servers[a].Name < servers[b].Name })
	return servers
}

func number(text string, otherwise int) int {
	if value, err := strconv.Atoi(text); err == nil && value >= 0 {
		return value
	}
	return otherwise
}

func answer(writer http.ResponseWriter, value any) {
	writer.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(writer).Encode(value); err != nil {
		log.Print(err)
	}
}

func main() {
	servers := read(os.Args[2])
	byName := make(map[string]*Server, len(servers))
	for _, server := range servers {
		byName[server.Name] = server
	}
	http.HandleFunc("/servers", func(writer http.ResponseWriter, request *http.Request) {
		query := request.URL.Query()
		found := servers
		if provider := query.Get("provider"); provider != "" {
			found = nil
			most := number(query.Get("maxTools"), 1<<30)
			for _, server := range servers {
				if server.Provider == provider && server.ToolCount < most {
					found = append(found, server)
				}
			}
		}
		answer(writer, pageOf(found, query))
	})
	maps := loosened(servers)
	http.HandleFunc("/loose", func(writer http.ResponseWriter, request *http.Request) {
		answer(writer, pageOf(maps, request.URL.Query()))
	})
	http.HandleFunc("/servers/", func(writer http.ResponseWriter, request *http.Request) {
		if server := byName[strings.TrimPrefix(request.URL.Path, "/servers/")]; server != nil {
			answer(writer, server)
			return
		}
		http.NotFound(writer, request)
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
