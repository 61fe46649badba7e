#include "tests/bench/limits.h"

#include <fcntl.h>
#include <lmdb.h>
#include <unistd.h>

#include "crypto/keys.h"
#include "tests/bench/curve_pair.h"
#include "tests/bench/stopwatch.h"
#include "tests/support/temp_directory.h"

namespace simpul::bench {
namespace {

constexpr std::size_t kLimitEventSize = 400;

std::vector<double> synced_append_ms(const std::string& directory, std::size_t size,
                                     double seconds) {
  const std::string path = directory + "/append";
  const int file = ::open(path.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
  SIMPUL_CHECK(file >= 0);
  const Bytes block(size, 'x');
  std::vector<double> times;
  const Stopwatch whole;
  do {
    const Stopwatch watch;
    SIMPUL_CHECK(::write(file, block.data(), block.size()) == static_cast<ssize_t>(size));
    SIMPUL_CHECK(::fdatasync(file) == 0);
    times.push_back(watch.seconds() * 1000);
  } while (whole.seconds() < seconds);
  ::close(file);
  ::unlink(path.c_str());
  return times;
}

double lmdb_commits_per_second(const std::string& directory, double seconds) {
  Appender appender(directory + "/commits");
  const Bytes record(kLimitEventSize, 'x');
  return rate_of(seconds, [&] {
    appender.append(record);
    appender.commit();
  });
}

}  // namespace

double Limits::once(const std::string& name, const std::function<double()>& measure) {
  const auto found = known_.find(name);
  return found != known_.end() ? found->second : known_[name] = measure();
}

double Limits::lmdb_commits() {
  return once("lmdb", [&] { return lmdb_commits_per_second(directory_, seconds_); });
}

double Limits::synced_appends() {
  return once("append", [&] {
    return static_cast<double>(synced_append_ms(directory_, 4096, seconds_).size()) / seconds_;
  });
}

double Limits::sync_ms() {
  return once("sync", [&] { return percentile(synced_append_ms(directory_, 400, seconds_), 0.5); });
}

double Limits::sha256_mb() {
  return once("sha-mb", [&] {
    const Bytes block(64 << 10, 'x');
    return rate_of(seconds_, [&] { (void)sha256(block); }) * static_cast<double>(block.size()) /
           1e6;
  });
}

double Limits::sha256_events() {
  return once("sha", [&] {
    const Bytes block(kLimitEventSize, 'x');
    return 100 * rate_of(seconds_, [&] {
             for (int i = 0; i < 100; ++i) (void)sha256(block);
           });
  });
}

double Limits::signatures() {
  return once("sign", [&] {
    SeededRandom random(1);
    const SigningKey key = SigningKey::generate(random);
    const Bytes message(kLimitEventSize, 'x');
    return rate_of(seconds_, [&] { (void)key.sign(message); });
  });
}

double Limits::verifications() {
  return once("verify", [&] {
    SeededRandom random(1);
    const SigningKey key = SigningKey::generate(random);
    const Bytes message(kLimitEventSize, 'x');
    const Signature signature = key.sign(message);
    return rate_of(seconds_, [&] { SIMPUL_CHECK(verify(key.verify_key(), message, signature)); });
  });
}

double Limits::curve_small() {
  return once("curve-small", [&] { return curve_messages_per_second(kLimitEventSize, seconds_); });
}

double Limits::curve_large_mb() {
  return once("curve-large",
              [&] { return curve_messages_per_second(65536, seconds_) * 65536 / 1e6; });
}

double Limits::curve_round_trip() {
  return once("curve-trip", [&] { return curve_round_trip_ms(seconds_); });
}

double Limits::composed(std::size_t batch) {
  return once("composed-" + std::to_string(batch), [&] {
    return composed_events_per_second(directory_ + "/composed-" + std::to_string(batch), batch,
                                      seconds_);
  });
}

}  // namespace simpul::bench
