// Checkpoints: signed heads of journals in the form of C2SP tlog-checkpoint (a signed note,
// Ed25519), and cosignatures on them (C2SP tlog-cosignature, cosignature/v1), so that public
// tools verify what we sign. Pure.
//
//   simpul/<federation>/<member>/<generation>
//   <size in decimal>
//   <root in base64>
//   <empty line>
//   \u2014 <key name> <base64(4-byte key id || signature)>
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crypto/keys.h"
#include "crypto/result.h"
#include "protocol/ids.h"

namespace simpul {

inline constexpr std::size_t kNoteSizeMax = 8192;  // bytes, cosignatures included
inline constexpr std::size_t kNoteSignaturesMax = 32;

struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  Digest root;
  bool operator==(const Checkpoint&) const = default;
};

std::string checkpoint_origin(std::string_view federation, const JournalId& journal);
Result<JournalId> journal_of_origin(std::string_view federation, std::string_view origin);
// The key name under which a member cosigns: `simpul/<federation>/<member>`.
std::string cosigner_name(std::string_view federation, const MemberId& member);

// The whole note with one signature; the key's name is the origin.
std::string sign_checkpoint(const Checkpoint& checkpoint, const SigningKey& key);

// Reads a note whatever its signatures. Error::kMalformed, kTooLarge.
Result<Checkpoint> parse_checkpoint(std::string_view note);

// Error::kBadSignature unless the note is of `origin` and carries a valid signature by `key`.
// Unknown signatures are ignored, as signed notes demand.
Result<Checkpoint> open_checkpoint(std::string_view note, std::string_view origin,
                                   const VerifyKey& key);

// A cosignature line (with its newline) on the note's body: by whom, when.
std::string cosign(std::string_view note, std::string_view name, const SigningKey& key,
                   Instant time);
// The note with one more signature line; a line already there is not repeated.
Result<std::string> add_signature(std::string_view note, std::string_view line);
// When `name` cosigned. Error::kNotFound if it did not, kBadSignature if the line does not verify.
Result<Instant> verify_cosignature(std::string_view note, std::string_view name,
                                   const VerifyKey& key);
// The line by which `name` cosigned, with its newline. Errors as above.
Result<std::string> cosignature_line(std::string_view note, std::string_view name,
                                     const VerifyKey& key);
// The note with its author's lines alone: one, as we write them.
Result<std::string> without_cosignatures(std::string_view note);
// Names on the signature lines, in order, the author's first or not.
Result<std::vector<std::string>> signers_of(std::string_view note);

// Verifier keys in the form of Go's sumdb/note: name+keyid+base64(type || key).
std::string note_verifier_key(std::string_view name, const VerifyKey& key);         // type 1
std::string cosignature_verifier_key(std::string_view name, const VerifyKey& key);  // type 4

}  // namespace simpul
