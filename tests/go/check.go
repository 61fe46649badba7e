// Verifies with Go's own transparency-log packages what emit_vectors wrote, and that they
// refuse it once tampered with. Prints "ok NAME" or "FAIL NAME: reason" a check.
package main

import (
	"bufio"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// cosigner verifies C2SP cosignature/v1, key type 4, which package note does not know.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c *cosigner) Name() string    { return c.name }
func (c *cosigner) KeyHash() uint32 { return c.hash }
func (c *cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	head := fmt.Sprintf("cosignature/v1\ntime %d\n", binary.BigEndian.Uint64(sig))
	return ed25519.Verify(c.key, append([]byte(head), msg...), sig[8:])
}

func newCosigner(vkey string) (*cosigner, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("not three parts")
	}
	hash, err := strconv.ParseUint(parts[1], 16, 32)
	if err != nil {
		return nil, err
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 33 || key[0] != 4 {
		return nil, errors.New("not a key of type 4")
	}
	return &cosigner{parts[0], uint32(hash), key[1:]}, nil
}

type checker struct {
	author  note.Verifier
	witness note.Verifier
	roots   map[int64]tlog.Hash // from opened notes only
	failed  bool
}

func (c *checker) report(name string, err error) {
	if err != nil {
		c.failed = true
		fmt.Printf("FAIL %s: %v\n", name, err)
		return
	}
	fmt.Printf("ok %s\n", name)
}

// open returns the note's size and root if author and witness both signed it.
func (c *checker) open(msg []byte) (int64, tlog.Hash, error) {
	n, err := note.Open(msg, note.VerifierList(c.author, c.witness))
	if err != nil {
		return 0, tlog.Hash{}, err
	}
	if len(n.Sigs) != 2 {
		return 0, tlog.Hash{}, fmt.Errorf("%d known signatures", len(n.Sigs))
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 4 || lines[0] != c.author.Name() {
		return 0, tlog.Hash{}, errors.New("not a checkpoint of this origin")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return 0, tlog.Hash{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return size, root, err
}

func (c *checker) note(args []string) error {
	want, msg := number(args[0]), decode(args[1])
	size, root, err := c.open(msg)
	if err != nil {
		return err
	}
	if size != want {
		return fmt.Errorf("size %d", size)
	}
	for i := range msg {
		if i+1 < len(msg) && msg[i+1] == '=' {
			continue // Go's decoder ignores the spare bits there
		}
		bad := append([]byte(nil), msg...)
		bad[i] ^= 1
		if _, _, err := c.open(bad); err == nil {
			return fmt.Errorf("opened with byte %d changed", i)
		}
	}
	c.roots[size] = root
	return nil
}

func (c *checker) record(args []string) error {
	index, size, leaf := number(args[0]), number(args[1]), tlog.RecordHash(decode(args[2]))
	proof := hashes(args[3:])
	check := func(p []tlog.Hash, size, index int64, leaf tlog.Hash) error {
		return tlog.CheckRecord(p, size, c.roots[size], index, leaf)
	}
	if err := check(proof, size, index, leaf); err != nil {
		return err
	}
	if check(proof, size, index, spoil(leaf)) == nil {
		return errors.New("another record was accepted")
	}
	if size > 1 && check(proof, size, (index+1)%size, leaf) == nil {
		return errors.New("another index was accepted")
	}
	for i := range proof {
		if check(spoilAt(proof, i), size, index, leaf) == nil {
			return fmt.Errorf("hash %d changed and was accepted", i)
		}
	}
	return nil
}

func (c *checker) tree(args []string) error {
	old, size := number(args[0]), number(args[1])
	proof := hashes(args[2:])
	check := func(p []tlog.Hash, oldRoot tlog.Hash) error {
		return tlog.CheckTree(p, size, c.roots[size], old, oldRoot)
	}
	if err := check(proof, c.roots[old]); err != nil {
		return err
	}
	if check(proof, spoil(c.roots[old])) == nil {
		return errors.New("another old root was accepted")
	}
	for i := range proof {
		if check(spoilAt(proof, i), c.roots[old]) == nil {
			return fmt.Errorf("hash %d changed and was accepted", i)
		}
	}
	return nil
}

func spoil(h tlog.Hash) tlog.Hash {
	h[5] ^= 1
	return h
}

func spoilAt(proof []tlog.Hash, at int) []tlog.Hash {
	bad := append([]tlog.Hash(nil), proof...)
	bad[at] = spoil(bad[at])
	return bad
}

func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	must(err)
	return n
}

func decode(text string) []byte {
	b, err := base64.StdEncoding.DecodeString(text)
	must(err)
	return b
}

func hashes(texts []string) []tlog.Hash {
	list := []tlog.Hash{}
	for _, text := range texts {
		h, err := tlog.ParseHash(text)
		must(err)
		list = append(list, h)
	}
	return list
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bad input:", err)
		os.Exit(2)
	}
}

// line checks one fact.
func (c *checker) line(fields []string) {
	var err error
	args := fields[1:]
	switch fields[0] {
	case "key":
		c.author, err = note.NewVerifier(args[0])
	case "cokey":
		c.witness, err = newCosigner(args[0])
	case "note":
		err = c.note(args)
	case "record":
		err = c.record(args)
	case "tree":
		err = c.tree(args)
	default:
		err = errors.New("unknown fact")
	}
	name := fields[0]
	switch name {
	case "note":
		name += " of size " + args[0]
	case "record", "tree":
		name += " " + args[0] + " in " + args[1]
	}
	c.report(name, err)
}

func main() {
	c := &checker{roots: map[int64]tlog.Hash{}}
	scanner := bufio.NewScanner(os.Stdin)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		c.line(strings.Fields(scanner.Text()))
	}
	must(scanner.Err())
	if c.failed {
		os.Exit(1)
	}
}
