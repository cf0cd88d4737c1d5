// Package identity turns ID numbers into grower IDs that say nothing about the
// person, and checks the numbers themselves.
//
// A grower ID is the first 16 characters of HMAC-SHA-256 in lower-case
// hexadecimal, made with the lender's key. One key serves all counties, so the
// same person has one ID everywhere; it lies in a file outside every run.
//
//	key, err := identity.LoadKey("identity.key")
//	id := key.GrowerID("110105199001011234")
//
// It refuses to know names, feeds or loans.
package identity

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"strings"
	"sync"
)

// keyBytes is the least length of a key.
const keyBytes = 32

// sampleMark is the first line of a key that was made from a seed.
const sampleMark = "# Made from a seed for a sample county. Anyone can make it again: never use it for real people."

// Key is the lender's secret.
type Key struct {
	secret  []byte
	warning string
	macs    *sync.Pool // of HMACs with the secret laid in
}

// IsZero reports whether there is no key.
func (k Key) IsZero() bool { return len(k.secret) == 0 }

// Warning is empty, or says what is unsafe about the key's file.
func (k Key) Warning() string { return k.warning }

// LoadKey reads a key file: at least 32 random bytes in hexadecimal; lines that
// begin with # are remarks.
func LoadKey(path string) (Key, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Key{}, fmt.Errorf("read identity key %s: there is no such file; make one with `openssl rand -hex 32 > %s` and keep it safe: whoever has it can recognise growers, and without it no run can be matched to people: %w", path, path, err)
	}
	if err != nil {
		return Key{}, fmt.Errorf("read identity key: %w", err)
	}
	var text strings.Builder
	for line := range strings.Lines(strings.TrimPrefix(string(b), "\ufeff")) {
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "#") {
			text.WriteString(line)
		}
	}
	secret, err := hex.DecodeString(text.String())
	if err != nil || len(secret) < keyBytes { // the file's text is secret: say nothing of it
		return Key{}, fmt.Errorf("read identity key %s: it must hold at least %d random bytes as %d hexadecimal characters, and nothing else; make one with `openssl rand -hex 32 > FILE`", path, keyBytes, 2*keyBytes)
	}
	if bytes.Count(secret, secret[:1]) == len(secret) {
		return Key{}, fmt.Errorf("read identity key %s: all its bytes are equal, so it is not random; make one with `openssl rand -hex 32 > FILE`", path)
	}
	k := Key{secret: secret, macs: &sync.Pool{}}
	if info, err := os.Stat(path); err == nil && info.Mode().Perm()&0o044 != 0 && !bytes.HasPrefix(b, []byte(sampleMark)) {
		k.warning = fmt.Sprintf("identity key %s can be read by others: chmod 600 %s", path, path)
	}
	return k, nil
}

// NewKeyFile makes a key file that only its owner can read: random, or from a
// seed for a sample county. A key that is there already stays: it is an error
// to make a random key over it, or a sample key over a real one.
func NewKeyFile(path string, seed ...int64) error {
	var secret []byte
	text := ""
	if len(seed) == 0 {
		secret = make([]byte, keyBytes)
		if _, err := rand.Read(secret); err != nil {
			return fmt.Errorf("make identity key: %w", err)
		}
	} else {
		h := sha256.New()
		h.Write([]byte("parus sample identity key"))
		for _, s := range seed {
			_ = binary.Write(h, binary.BigEndian, s)
		}
		secret = h.Sum(nil)
		text = sampleMark + "\n"
	}
	if old, err := os.ReadFile(path); err == nil && (len(seed) == 0 || !bytes.HasPrefix(old, []byte(sampleMark))) {
		return fmt.Errorf("make identity key %s: the file is there already; every grower ID of earlier runs rests on it, so it is never written over: choose another place", path)
	}
	text += hex.EncodeToString(secret) + "\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return fmt.Errorf("make identity key: %w", err)
	}
	return nil
}

// GrowerID is the grower's ID for an ID number or unified social credit code.
// Blanks around it and the case of its letters do not matter.
func (k Key) GrowerID(idNumber string) string { return k.pseudonym(Canonical(idNumber)) }

// Pseudonym is a keyed code for any other private text, different from the
// grower ID of the same text. Use says for what ("household").
func (k Key) Pseudonym(use, text string) string { return k.pseudonym(use + "\x00" + Canonical(text)) }

func (k Key) pseudonym(s string) string {
	var m hash.Hash
	if k.macs != nil {
		m, _ = k.macs.Get().(hash.Hash)
	}
	if m == nil {
		m = hmac.New(sha256.New, k.secret)
	}
	var text [64]byte
	var sum [sha256.Size]byte
	m.Write(append(text[:0], s...))
	var out [16]byte
	hex.Encode(out[:], m.Sum(sum[:0])[:8])
	if k.macs != nil {
		m.Reset()
		k.macs.Put(m)
	}
	return string(out[:])
}
