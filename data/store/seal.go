package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/emmansun/gmsm/sm4"
)

// Ciphers that seal personal data.
const (
	AES = "AES-256-GCM"
	SM4 = "SM4-GCM" // GB/T 32907
)

// keyLength is the least length of the secret, in bytes.
const keyLength = 32

// Sealer seals personal data and makes the hashes by which it is found. Its
// secret comes from a file outside the database; whoever has only the database
// can neither read nor search.
type Sealer struct {
	cipher string
	id     string
	index  []byte
	aeads  map[string]cipher.AEAD
}

// NewSealer derives the keys of both ciphers and of the index from a secret of
// at least 32 random bytes (HKDF with SHA-256). What is newly sealed takes the
// named cipher; both are opened.
func NewSealer(secret []byte, cipherName string) (*Sealer, error) {
	if len(secret) < keyLength {
		return nil, fmt.Errorf("the key of personal data has %d bytes: at least %d random ones are needed", len(secret), keyLength)
	}
	s := &Sealer{cipher: cipherName, aeads: map[string]cipher.AEAD{}}
	derive := func(use string, n int) []byte {
		k, err := hkdf.Key(sha256.New, secret, nil, "parus personal data: "+use, n)
		if err != nil {
			panic(err) // only a length beyond 255 hashes is refused
		}
		return k
	}
	s.index = derive("index", 32)
	s.id = hex.EncodeToString(derive("name of the key", 8))
	for name, make := range map[string]func() (cipher.Block, error){
		AES: func() (cipher.Block, error) { return aes.NewCipher(derive(AES, 32)) },
		SM4: func() (cipher.Block, error) { return sm4.NewCipher(derive(SM4, 16)) },
	} {
		block, err := make()
		if err != nil {
			return nil, err
		}
		if s.aeads[name], err = cipher.NewGCM(block); err != nil {
			return nil, err
		}
	}
	if s.aeads[cipherName] == nil {
		return nil, fmt.Errorf("no cipher %q: there are %s and %s", cipherName, AES, SM4)
	}
	return s, nil
}

// LoadSealer reads the secret from a file of hexadecimal digits.
func LoadSealer(path, cipherName string) (*Sealer, error) {
	const how = "make one with `openssl rand -hex 32 > FILE`, and keep it apart from the database and its backups"
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the key of personal data: %w; %s", err, how)
	}
	secret, err := hex.DecodeString(strings.TrimSpace(string(b)))
	if err != nil { // the text is secret: say nothing of it
		return nil, fmt.Errorf("read the key of personal data: %s must hold hexadecimal digits and nothing else; %s", path, how)
	}
	return NewSealer(secret, cipherName)
}

// seal hides a text. about is what the text belongs to: it opens only there.
func (s *Sealer) seal(text []byte, about string) []byte {
	a := s.aeads[s.cipher]
	nonce := make([]byte, a.NonceSize(), a.NonceSize()+len(text)+a.Overhead())
	rand.Read(nonce)
	return a.Seal(nonce, nonce, text, []byte(about))
}

var errSealed = errors.New("it was sealed with another key, or was changed")

func (s *Sealer) open(sealed []byte, cipherName, about string) ([]byte, error) {
	a := s.aeads[cipherName]
	if a == nil || len(sealed) < a.NonceSize() {
		return nil, errSealed
	}
	text, err := a.Open(nil, sealed[:a.NonceSize()], sealed[a.NonceSize():], []byte(about))
	if err != nil {
		return nil, errSealed
	}
	return text, nil
}

// hash is what a text is found by: equal texts of one kind have equal hashes,
// and nothing else can be told from them without the secret. Empty = nil.
func (s *Sealer) hash(kind, text string) []byte {
	if text == "" {
		return nil
	}
	h := hmac.New(sha256.New, s.index)
	h.Write([]byte(kind + "\x00" + text))
	return h.Sum(nil)
}
