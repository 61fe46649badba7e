#include "node/passphrase.h"

#include <fcntl.h>
#include <termios.h>

#include <cstdlib>

#include "node/descriptor.h"
#include "node/files.h"

namespace simpul {
namespace {

constexpr std::size_t kPassphraseSizeMax = 4096;

SecretBytes first_line(Bytes bytes) {
  std::size_t size = 0;
  while (size < bytes.size() && bytes[size] != '\n') ++size;
  if (size > 0 && bytes[size - 1] == '\r') --size;
  SecretBytes line(BytesView(bytes).first(size));
  wipe(bytes);
  return line;
}

Result<SecretBytes> from_file(const std::string& path) {
  SIMPUL_TRY(bytes, read_file(path, kPassphraseSizeMax));
  SecretBytes line = first_line(std::move(bytes));
  if (line.empty()) return fail(ErrorCode::kMalformed, "the passphrase file " + path + " is empty");
  return line;
}

// The terminal without echo, for as long as this lives.
class QuietTerminal {
 public:
  explicit QuietTerminal(int terminal) : terminal_(terminal) {
    changed_ = ::tcgetattr(terminal_, &before_) == 0;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    changed_ = changed_ && ::tcsetattr(terminal_, TCSAFLUSH, &quiet) == 0;
  }
  ~QuietTerminal() {
    if (changed_) ::tcsetattr(terminal_, TCSAFLUSH, &before_);
  }
  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;

 private:
  int terminal_;
  termios before_{};
  bool changed_ = false;
};

Result<SecretBytes> ask(const Descriptor& terminal, std::string_view question) {
  const QuietTerminal quiet(terminal.get());
  Bytes typed(kPassphraseSizeMax);
  if (::write(terminal.get(), question.data(), question.size()) < 0) {
    return std::unexpected(file_error("write to", "the terminal"));
  }
  const ssize_t count = ::read(terminal.get(), typed.data(), typed.size());
  if (count < 0) return std::unexpected(file_error("read", "the terminal"));
  typed.resize(static_cast<std::size_t>(count));
  const bool ended = ::write(terminal.get(), "\n", 1) == 1;
  SecretBytes line = first_line(std::move(typed));
  if (line.empty() || !ended) return fail(ErrorCode::kMalformed, "the passphrase is empty");
  return line;
}

Result<SecretBytes> prompt(bool is_new) {
  const Descriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC));
  if (!terminal) {
    return fail(ErrorCode::kNotFound,
                "no passphrase: give --passphrase-file, put it into keys/passphrase, pass the "
                "systemd credential simpul-passphrase, or run on a terminal to be asked");
  }
  SIMPUL_TRY(typed, ask(terminal, "Passphrase of the keystore: "));
  if (is_new) {
    SIMPUL_TRY(again, ask(terminal, "Once more: "));
    if (typed != again) return fail(ErrorCode::kConflict, "the two passphrases differ");
  }
  return std::move(typed);
}

Result<SecretBytes> look_up(const Home& home, const PassphraseSource& source) {
  if (!source.file.empty()) {
    SIMPUL_TRY_VOID(check_private(source.file));
    return from_file(source.file);
  }
  if (const char* credentials = std::getenv("CREDENTIALS_DIRECTORY")) {
    const std::string path = std::string(credentials) + "/simpul-passphrase";
    if (file_exists(path)) return from_file(path);
  }
  if (file_exists(home.passphrase())) {
    SIMPUL_TRY_VOID(check_private(home.passphrase()));
    return from_file(home.passphrase());
  }
  if (source.may_prompt) return prompt(source.is_new);
  return fail(ErrorCode::kNotFound, "no passphrase: there is no " + home.passphrase());
}

}  // namespace

Result<SecretBytes> find_passphrase(const Home& home, const PassphraseSource& source) {
  SIMPUL_TRY(passphrase, look_up(home, source));
  if (source.is_new && passphrase.size() < kPassphraseSizeMin) {
    return fail(ErrorCode::kNotAllowed, "the passphrase is too short: at least " +
                                            std::to_string(kPassphraseSizeMin) + " bytes");
  }
  return std::move(passphrase);
}

}  // namespace simpul
