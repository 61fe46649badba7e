#include "tests/bench/curve_pair.h"

#include <lmdb.h>

#include <atomic>
#include <filesystem>
#include <thread>
#include <zmq.hpp>

#include "crypto/keys.h"
#include "tests/bench/stopwatch.h"

namespace simpul::bench {
namespace {

constexpr std::size_t kEventSize = 400;
constexpr int kQueue = 64;     // messages in ZeroMQ, each way
constexpr int kInFlight = 16;  // batches sent and not yet acknowledged
constexpr int kBatchesPerCommit = 16;

std::string text_of(BytesView key) {
  return std::string(as_text(key));
}

// A CURVE server and its client in one process.
struct CurvePair {
  CurvePair() {
    SeededRandom random(7);
    const auto server_key = TransportSecret::generate(random);
    const auto client_key = TransportSecret::generate(random);
    server.set(zmq::sockopt::curve_server, true);
    server.set(zmq::sockopt::curve_secretkey, text_of(server_key.secret()));
    server.set(zmq::sockopt::curve_publickey, text_of(server_key.transport_key().view()));
    client.set(zmq::sockopt::curve_serverkey, text_of(server_key.transport_key().view()));
    client.set(zmq::sockopt::curve_secretkey, text_of(client_key.secret()));
    client.set(zmq::sockopt::curve_publickey, text_of(client_key.transport_key().view()));
    for (zmq::socket_t* socket : {&server, &client}) {
      socket->set(zmq::sockopt::sndhwm, kQueue);
      socket->set(zmq::sockopt::rcvhwm, kQueue);
      socket->set(zmq::sockopt::linger, 0);
    }
    server.bind("tcp://127.0.0.1:*");
    client.connect(server.get(zmq::sockopt::last_endpoint));
    (void)client.send(zmq::str_buffer("ready"));
    zmq::message_t message;
    (void)server.recv(message);
  }
  zmq::context_t context{1};
  zmq::socket_t server{context, ZMQ_PAIR}, client{context, ZMQ_PAIR};
};

// One message of a batch: events, then the signature over the hash of their hashes.
Bytes signed_batch(std::size_t batch, const SigningKey& key) {
  Bytes message(batch * kEventSize, 'x');
  Sha256 all;
  for (std::size_t i = 0; i < batch; ++i)
    all.update(sha256(BytesView(message).subspan(i * kEventSize, kEventSize)).view());
  const Signature signature = key.sign(all.finish().view());
  append(message, signature);
  return message;
}

void take_batch(BytesView message, std::size_t batch, const VerifyKey& key, Appender& appender) {
  SIMPUL_CHECK(message.size() == batch * kEventSize + sizeof(Signature));
  Sha256 all;
  for (std::size_t i = 0; i < batch; ++i) {
    const BytesView event = message.subspan(i * kEventSize, kEventSize);
    all.update(sha256(event).view());
    appender.append(event);
  }
  SIMPUL_CHECK(verify(key, all.finish().view(), message.last(sizeof(Signature))));
}

}  // namespace

Appender::Appender(const std::string& directory) {
  std::filesystem::create_directories(directory);
  SIMPUL_CHECK(mdb_env_create(&env_) == 0 && mdb_env_set_mapsize(env_, 1ull << 36) == 0);
  SIMPUL_CHECK(mdb_env_open(env_, directory.c_str(), MDB_NOTLS, 0600) == 0);
  SIMPUL_CHECK(mdb_txn_begin(env_, nullptr, 0, &txn_) == 0);
  SIMPUL_CHECK(mdb_dbi_open(txn_, nullptr, 0, &table_) == 0);
}

Appender::~Appender() {
  mdb_txn_abort(txn_);
  mdb_env_close(env_);
}

void Appender::append(BytesView record) {
  std::array<std::uint8_t, 8> key;
  for (std::size_t i = 0; i < key.size(); ++i)
    key[i] = static_cast<std::uint8_t>(next_ >> 8 * (7 - i));
  ++next_;
  MDB_val at{key.size(), key.data()};
  MDB_val what{record.size(), const_cast<std::uint8_t*>(record.data())};
  SIMPUL_CHECK(mdb_put(txn_, table_, &at, &what, MDB_APPEND) == 0);
}

void Appender::commit() {
  SIMPUL_CHECK(mdb_txn_commit(txn_) == 0);
  SIMPUL_CHECK(mdb_txn_begin(env_, nullptr, 0, &txn_) == 0);
}

double curve_messages_per_second(std::size_t size, double seconds) {
  CurvePair pair;
  std::atomic<bool> stop = false;
  std::thread sender([&] {
    const Bytes message(size, 'x');
    while (!stop) (void)pair.client.send(zmq::buffer(message), zmq::send_flags::dontwait);
  });
  zmq::message_t message;
  (void)pair.server.recv(message);
  const double rate = rate_of(seconds, [&] { (void)pair.server.recv(message); });
  stop = true;
  sender.join();
  return rate;
}

double curve_round_trip_ms(double seconds) {
  CurvePair pair;
  std::atomic<bool> stop = false;
  std::thread echo([&] {
    const Bytes answer(100, 'x');
    zmq::message_t message;
    pair.server.set(zmq::sockopt::rcvtimeo, 100);
    while (!stop)
      if (pair.server.recv(message)) (void)pair.server.send(zmq::buffer(answer));
  });
  const Bytes question(kEventSize, 'x');
  std::vector<double> times;
  const Stopwatch whole;
  while (whole.seconds() < seconds) {
    const Stopwatch watch;
    zmq::message_t answer;
    (void)pair.client.send(zmq::buffer(question));
    (void)pair.client.recv(answer);
    times.push_back(watch.seconds() * 1000);
  }
  stop = true;
  echo.join();
  return percentile(std::move(times), 0.5);
}

double composed_events_per_second(const std::string& directory, std::size_t batch, double seconds) {
  SeededRandom random(3);
  const SigningKey key = SigningKey::generate(random);
  CurvePair pair;
  std::atomic<bool> stop = false;
  std::thread sender([&] {
    const Bytes message = signed_batch(batch, key);
    pair.client.set(zmq::sockopt::rcvtimeo, 100);
    zmq::message_t ack;
    int in_flight = 0;
    while (!stop) {
      while (in_flight < kInFlight && pair.client.send(zmq::buffer(message))) ++in_flight;
      if (pair.client.recv(ack)) --in_flight;
      while (pair.client.recv(ack, zmq::recv_flags::dontwait)) --in_flight;
    }
  });
  Appender appender(directory);
  std::size_t taken = 0;
  const Stopwatch watch;
  while (watch.seconds() < seconds) {
    zmq::message_t message;
    (void)pair.server.recv(message);
    int count = 0;
    do {
      take_batch({message.data<std::uint8_t>(), message.size()}, batch, key.verify_key(), appender);
    } while (++count < kBatchesPerCommit && pair.server.recv(message, zmq::recv_flags::dontwait));
    appender.commit();
    for (int i = 0; i < count; ++i) (void)pair.server.send(zmq::str_buffer("ack"));
    taken += static_cast<std::size_t>(count) * batch;
  }
  const double rate = static_cast<double>(taken) / watch.seconds();
  stop = true;
  sender.join();
  return rate;
}

}  // namespace simpul::bench
