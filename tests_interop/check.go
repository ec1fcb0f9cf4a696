// Checks, with Go's own libraries for notes and transparency logs, what Candidacy writes; and signs a note for it to read.
//
// It reads questions, a JSON object a line, and answers each with a line: "yes", or "no" and why. It knows nothing of Candidacy.
package main

import (
	"bufio"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type question struct {
	Ask   string   // note, inclusion, consistency, proof, tree or sign
	Key   string   // of note and proof: the line signatures are checked with
	Text  string   // of note and proof; of sign, what to sign
	Name  string   // of sign
	Size  int64    // of the tree
	Root  string   // hexadecimal, as all hashes
	Index int64    // of inclusion
	Leaf  string   // of inclusion
	Old   int64    // of consistency
	Was   string   // of consistency: the older root
	Proof []string // of inclusion and consistency
	Raw   string   // of proof: the record, in base 64; of tree: the records, in base 64, a space between
}

func main() {
	in, out := bufio.NewReaderSize(os.Stdin, 1<<20), bufio.NewWriter(os.Stdout)
	defer out.Flush()
	decoder := json.NewDecoder(in)
	for decoder.More() {
		var asked question
		if err := decoder.Decode(&asked); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		said, err := answered(asked)
		if err != nil {
			said = "no: " + strings.ReplaceAll(err.Error(), "\n", " ")
		}
		fmt.Fprintln(out, said)
	}
}

func answered(asked question) (string, error) {
	switch asked.Ask {
	case "note":
		_, err := opened(asked.Text, asked.Key)
		return "yes", err
	case "sign":
		return signed(asked)
	case "inclusion":
		return "yes", tlog.CheckRecord(hashes(asked.Proof), asked.Size, hash(asked.Root), asked.Index, hash(asked.Leaf))
	case "consistency":
		return "yes", tlog.CheckTree(hashes(asked.Proof), asked.Size, hash(asked.Root), asked.Old, hash(asked.Was))
	case "proof":
		return "yes", proven(asked)
	case "tree":
		return tree(asked)
	}
	return "", fmt.Errorf("found the question %q", asked.Ask)
}

// opened is the text of a note that the key has signed.
func opened(text, key string) (string, error) {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return "", err
	}
	found, err := note.Open([]byte(text), note.VerifierList(verifier))
	if err != nil {
		return "", err
	}
	return found.Text, nil
}

// signed is a JSON object: a new key's line for verifiers, and the text signed with it.
func signed(asked question) (string, error) {
	private, public, err := note.GenerateKey(rand.Reader, asked.Name)
	if err != nil {
		return "", err
	}
	signer, err := note.NewSigner(private)
	if err != nil {
		return "", err
	}
	written, err := note.Sign(&note.Note{Text: asked.Text}, signer)
	if err != nil {
		return "", err
	}
	said, err := json.Marshal(map[string]string{"key": public, "note": string(written), "private": private})
	return string(said), err
}

// proven checks a proof in the text form of C2SP, with the checkpoint at its end, of a record's bytes.
func proven(asked question) error {
	head, text, found := strings.Cut(asked.Text, "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "index ") {
		return fmt.Errorf("no proof")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	if err != nil {
		return err
	}
	said, err := opened(text, asked.Key)
	if err != nil {
		return err
	}
	told := strings.Split(said, "\n")
	if len(told) != 4 {
		return fmt.Errorf("found a checkpoint of %d lines", len(told)-1)
	}
	size, err := strconv.ParseInt(told[1], 10, 64)
	if err != nil {
		return err
	}
	root, err := tlog.ParseHash(told[2])
	if err != nil {
		return err
	}
	proof := tlog.RecordProof{}
	for _, line := range lines[2:] {
		node, err := tlog.ParseHash(line)
		if err != nil {
			return err
		}
		proof = append(proof, node)
	}
	raw, err := base64.StdEncoding.DecodeString(asked.Raw)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(proof, size, root, index, tlog.RecordHash(raw))
}

// tree is the root over records, as Go computes it from what it stores of them.
func tree(asked question) (string, error) {
	stored := []tlog.Hash{}
	read := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := []tlog.Hash{}
		for _, index := range indexes {
			found = append(found, stored[index])
		}
		return found, nil
	})
	records := strings.Fields(asked.Raw)
	for n, record := range records {
		raw, err := base64.StdEncoding.DecodeString(record)
		if err != nil {
			return "", err
		}
		more, err := tlog.StoredHashes(int64(n), raw, read)
		if err != nil {
			return "", err
		}
		stored = append(stored, more...)
	}
	root, err := tlog.TreeHash(int64(len(records)), read)
	return fmt.Sprintf("%x", root[:]), err
}

func hash(text string) tlog.Hash {
	var found tlog.Hash
	raw, err := hex.DecodeString(text)
	if err != nil || len(raw) != tlog.HashSize {
		panic("found what is no hash: " + text)
	}
	copy(found[:], raw)
	return found
}

func hashes(texts []string) []tlog.Hash {
	found := []tlog.Hash{}
	for _, text := range texts {
		found = append(found, hash(text))
	}
	return found
}
