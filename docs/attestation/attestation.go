// Package attestation verifies Esper-Attestation; Go 1.18 or newer, nothing to install. See docs/attestation.md.
package attestation

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

var shape = regexp.MustCompile(`\Av1;k=([0-9a-f]{8})((?:;[a-z]=[A-Za-z0-9_.-]*)+);m=([A-Za-z0-9_-]{43})\z`)

// Claims is what the gateway says about a request; Entity and FailOpen may be empty.
type Claims struct {
	Decision, Source, Entity, Reference, FailOpen string
	Level                                         int
	Expires                                       int64
}

type seenMac struct {
	mac     string
	expires int64
}

// Verifier may be used by several goroutines.
type Verifier struct {
	keys     map[string][]byte
	capacity int
	lock     sync.Mutex
	seen     map[string]bool
	order    []seenMac // in the order of expiry, as all are good for as long
}

// New takes hexadecimal keys, separated by commas; while a key is changed, the new one and the old one.
func New(keys string, capacity int) (*Verifier, error) {
	v := &Verifier{keys: map[string][]byte{}, capacity: capacity, seen: map[string]bool{}}
	for _, text := range strings.Split(keys, ",") {
		key, err := hex.DecodeString(strings.TrimSpace(text))
		if err != nil || len(key) < 32 {
			return nil, errors.New("attestation key: at least 64 hexadecimal digits")
		}
		id := sha256.Sum256(key)
		v.keys[hex.EncodeToString(id[:4])] = key
	}
	return v, nil
}

// Verify returns what the gateway says about this request, or nil if it does not say it. target is path and query as they came.
func (v *Verifier) Verify(header, method, host, target string, now int64) *Claims {
	if len(header) > 512 {
		return nil
	}
	parts := shape.FindStringSubmatch(header)
	if parts == nil || v.keys[parts[1]] == nil {
		return nil
	}
	text := header[:strings.LastIndex(header, ";m=")]
	hash := hmac.New(sha256.New, v.keys[parts[1]])
	hash.Write([]byte(strings.Join([]string{text, method, strings.ToLower(host), target}, "\n")))
	mac := base64.RawURLEncoding.EncodeToString(hash.Sum(nil))
	if !hmac.Equal([]byte(mac), []byte(parts[3])) {
		return nil
	}
	claims := map[string]string{}
	for _, pair := range strings.Split(parts[2][1:], ";") {
		claims[pair[:1]] = pair[2:]
	}
	expires, err := strconv.ParseInt(claims["x"], 10, 64)
	if err != nil || expires <= now || !v.isNew(mac, expires, now) {
		return nil
	}
	level, _ := strconv.Atoi(claims["l"])
	return &Claims{claims["d"], claims["s"], claims["e"], claims["r"], claims["f"], level, expires}
}

func (v *Verifier) isNew(mac string, expires, now int64) bool {
	v.lock.Lock()
	defer v.lock.Unlock()
	for len(v.order) > 0 && (v.order[0].expires <= now || len(v.order) >= v.capacity) {
		delete(v.seen, v.order[0].mac)
		v.order = v.order[1:]
	}
	if v.seen[mac] {
		return false
	}
	v.seen[mac] = true
	v.order = append(v.order, seenMac{mac, expires})
	return true
}
