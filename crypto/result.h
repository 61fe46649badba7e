// What a call returns when it may be refused. Expected misses are values of type Error;
// bugs end the process through SIMPUL_CHECK, which stays on in release builds. No
// exception crosses a layer.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <expected>
#include <string>
#include <utility>

namespace simpul {

enum class ErrorCode {
  kMalformed,     // bytes or text that are not what they must be
  kTooLarge,      // a named limit was passed
  kBadSignature,  // signature, tag or proof does not verify
  kWrongKey,      // passphrase or key does not open this
  kNotFound,      // asked for what is not here
  kConflict,      // contradicts what is already held
  kNotAllowed,    // the rules refuse it; the message says why and what is legal
  kNotEntitled,   // the asker is outside the audience
  kExpired,       // past its validity
  kNotYet,        // needs something that has not arrived (roster, ancestor)
  kUnavailable,   // a peer, disk or service cannot serve now; try again
  kStorage,       // the database failed; message names the cause
};

// Short stable name for logs and JSON: "malformed", "too-large", ...
constexpr const char* name_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kMalformed:
      return "malformed";
    case ErrorCode::kTooLarge:
      return "too-large";
    case ErrorCode::kBadSignature:
      return "bad-signature";
    case ErrorCode::kWrongKey:
      return "wrong-key";
    case ErrorCode::kNotFound:
      return "not-found";
    case ErrorCode::kConflict:
      return "conflict";
    case ErrorCode::kNotAllowed:
      return "not-allowed";
    case ErrorCode::kNotEntitled:
      return "not-entitled";
    case ErrorCode::kExpired:
      return "expired";
    case ErrorCode::kNotYet:
      return "not-yet";
    case ErrorCode::kUnavailable:
      return "unavailable";
    case ErrorCode::kStorage:
      return "storage";
  }
  return "unknown";
}

// A refusal: what kind, and a sentence for a person (what happened, to what, what to do).
struct Error {
  ErrorCode code;
  std::string message;
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(ErrorCode code, std::string message) {
  return std::unexpected(Error{code, std::move(message)});
}

}  // namespace simpul

// Ends the process when a thing that cannot be is so. Never for outside input.
#define SIMPUL_CHECK(condition)                                                          \
  do {                                                                                   \
    if (!(condition)) {                                                                  \
      std::fprintf(stderr, "%s:%d: check failed: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                      \
    }                                                                                    \
  } while (false)

// Binds `name` to the value of a Result or returns its error from the enclosing function.
#define SIMPUL_TRY(name, expression)                                            \
  auto name##_result = (expression);                                            \
  if (!name##_result) return std::unexpected(std::move(name##_result).error()); \
  auto& name = *name##_result

// The same for a Result<void>.
#define SIMPUL_TRY_VOID(expression)                                                       \
  do {                                                                                    \
    auto simpul_try_result = (expression);                                                \
    if (!simpul_try_result) return std::unexpected(std::move(simpul_try_result).error()); \
  } while (false)
