#include "tests/support/federation.h"

#include <filesystem>

#include "node/engine/membership.h"
#include "node/engine/substance.h"
#include "node/queries.h"

namespace simpul::test {
namespace {

constexpr Duration kPatience = std::chrono::minutes{5};

template <class T>
T must(Result<T> result) {
  if (!result) std::fprintf(stderr, "%s\n", result.error().message.c_str());
  SIMPUL_CHECK(result.has_value());
  return *std::move(result);
}

Member member_of(const Identity& identity, MemberKind kind, const std::string& endpoint) {
  return {.id = identity.member,
          .kind = kind,
          .name = "Member " + identity.member.text(),
          .signing = {SigningPeriod{.version = 1, .key = identity.keys.signing.verify_key()}},
          .sealing_version = 1,
          .sealing = identity.keys.sealing.rbegin()->second.seal_key(),
          .transport = identity.keys.transport.transport_key(),
          .endpoint = endpoint};
}

}  // namespace

Federation::Federation(std::uint64_t seed, const std::vector<Seat>& seats)
    : random_(seed), network_(random_) {
  root_ = SigningKey::generate(random_);
  Roster roster;
  roster.federation = "test";
  roster.issued = now();
  roster.expires = now() + std::chrono::hours(24 * 365);
  int port = 1000;
  for (const Seat& seat : seats) {
    auto node =
        std::make_unique<FederationNode>(Identity{.member = must(MemberId::parse(seat.id)),
                                                  .federation = roster.federation,
                                                  .root = root_->verify_key(),
                                                  .keys = Keystore::generate(seat.id, random_)});
    node->random_ = std::make_unique<SeededRandom>(random_.next_u64());
    node->data_ = directory_ / seat.id;
    const bool listens = seat.has_endpoint || seat.kind == MemberKind::kHub;
    if (listens) node->endpoint_ = "tcp://127.0.0.1:" + std::to_string(++port);
    if (seat.kind == MemberKind::kHub) {
      if (roster.ruling_hub.empty()) roster.ruling_hub = node->identity_.member;
      node->identity_.root_key = root_->clone();
    }
    Member member = member_of(node->identity_, seat.kind, node->endpoint_);
    if (seat.listed) roster.members.push_back(std::move(member));
    nodes_[seat.id] = std::move(node);
  }
  std::ranges::sort(roster.members, {}, &Member::id);
  roster_ = must(sign_roster(roster, *root_));
  for (const Seat& seat : seats) {
    if (!seat.listed) introduce_hubs(node(seat.id));
    start(node(seat.id), seat.listed);
  }
}

void Federation::introduce_hubs(FederationNode& node) {
  for (const Member& member : roster_.roster.members) {
    if (member.kind != MemberKind::kHub) continue;
    node.identity_.hubs.push_back({member.id, member.endpoint, member.transport});
  }
}

Federation::~Federation() {
  for (auto& [id, node] : nodes_) kill(id);
}

FederationNode& Federation::node(const std::string& id) {
  return *nodes_.at(id);
}

void Federation::start(const std::string& id) {
  start(node(id), true);
}

void Federation::start_without_roster(const std::string& id) {
  start(node(id), false);
}

void Federation::start(FederationNode& node, bool with_roster) {
  const bool fresh = with_roster && !std::filesystem::exists(node.data_);
  node.store_ =
      must(Store::open(node.data_, {.map_size_bytes = node.map_size_bytes_, .sync = false}));
  if (fresh) {
    WriteTransaction transaction(node.store_->environment());
    Tables tables(transaction);
    tables.rosters.put(roster_.roster.version, roster_.bytes);
    SIMPUL_CHECK(transaction.commit());
  }
  if (node.key_file_.empty()) SIMPUL_CHECK(keep_keys(node, node.identity_.keys));
  node.identity_.keys = must(decode_keystore(node.key_file_, {}));
  EngineOptions options;
  options.looks_restored = node.looks_restored_;
  options.generation_noted = node.noted_.generation;
  options.keep_keys = [this, &node](const Keystore& keys) { return keep_keys(node, keys); };
  node.engine_ = must(Engine::open(*node.store_, node.identity_, *node.random_, options, now()));
  node.looks_restored_ = false;
  wire(node);
}

Result<void> Federation::keep_keys(FederationNode& node, const Keystore& keys) {
  if (node.key_file_fails_) return fail(ErrorCode::kUnavailable, "the key file cannot be written");
  node.key_file_ = encode_keystore(keys, {}, KeystoreCost::least(), random_);
  return {};
}

void Federation::wire(FederationNode& node) {
  node.transport_ = network_.attach(
      node.id().text(), node.endpoint_, node.identity_.keys.transport.transport_key(),
      [this, &node](TransportEvent&& event) {
        const auto* frame = std::get_if<FrameIn>(&event);
        if (frame && tap_) tap_(node.id().text(), frame->bytes);
        std::visit([&](auto& one) { node.inbox_.push_back(std::move(one)); }, event);
        return true;
      });
}

void Federation::kill(const std::string& id) {
  FederationNode& node = this->node(id);
  if (node.store_) note_head(node);
  node.engine_.reset();
  node.transport_.reset();
  node.store_.reset();
  node.inbox_.clear();
}

// As a node's driver does.
void Federation::note_head(FederationNode& node) {
  ReadTransaction transaction(node.store_->environment());
  Tables tables(transaction);
  node.noted_ = std::max(node.noted_, own_head(tables, node.id()));
}

void Federation::forget_marker(const std::string& id) {
  node(id).noted_ = {};
}

void Federation::lose_data(const std::string& id) {
  FederationNode& node = this->node(id);
  SIMPUL_CHECK(!node.running());
  std::filesystem::remove_all(node.data_);
  node.looks_restored_ = true;
}

std::string Federation::copy_data(const std::string& id) {
  FederationNode& node = this->node(id);
  SIMPUL_CHECK(!node.running());
  const std::string copy = directory_ / (id + "-copy-" + std::to_string(++copies_));
  std::filesystem::copy(node.data_, copy, std::filesystem::copy_options::recursive);
  return copy;
}

void Federation::undo_data(const std::string& id, const std::string& copy) {
  FederationNode& node = this->node(id);
  SIMPUL_CHECK(!node.running());
  std::filesystem::remove_all(node.data_);
  std::filesystem::copy(copy, node.data_, std::filesystem::copy_options::recursive);
}

void Federation::limit_room(const std::string& id, std::uint64_t bytes) {
  node(id).map_size_bytes_ = bytes;
}

void Federation::restore_data(const std::string& id, const std::string& copy) {
  undo_data(id, copy);
  node(id).looks_restored_ = true;
}

void Federation::step(FederationNode& node) {
  std::vector<Input> inputs = std::move(node.inbox_);
  node.inbox_.clear();
  Outputs outputs = node.engine_->step(inputs, now());
  for (Output& output : outputs) {
    if (auto* send = std::get_if<SendOut>(&output)) {
      node.transport_->send(send->link, std::move(send->frame));
    } else if (const auto* close = std::get_if<CloseOut>(&output)) {
      node.transport_->close(close->link, close->flush_ms);
    } else if (const auto* dial = std::get_if<DialOut>(&output)) {
      node.engine_->dialled(dial->member, node.transport_->dial(dial->endpoint, dial->key));
    } else if (auto* reply = std::get_if<ReplyOut>(&output)) {
      node.replies_.emplace(reply->command, std::move(reply->result));
    } else if (const auto* admission = std::get_if<AdmissionOut>(&output)) {
      node.transport_->set_admission(admission->table);
    } else if (auto* log = std::get_if<LogOut>(&output)) {
      if (std::getenv("SIMPUL_TEST_LOG")) {
        std::fprintf(stderr, "%s %s: %s\n", node.id().text().c_str(), log->event.c_str(),
                     log->text.c_str());
      }
      node.logs_.push_back(std::move(*log));
    }
  }
}

void Federation::pass() {
  for (auto& [id, node] : nodes_) {
    if (!node->running()) continue;
    if (!node->inbox_.empty() || node->engine_->next_wake(now()) <= now()) step(*node);
  }
  // The next thing that happens anywhere.
  Instant next = now() + std::chrono::seconds(1);
  for (auto& [id, node] : nodes_) {
    if (node->running()) next = std::min(next, node->engine_->next_wake(now()));
  }
  const auto target = static_cast<std::uint64_t>((next - Instant(Duration(epoch_ms_))).count());
  network_.advance_to(network_.is_quiet() ? std::max(target, network_.now_ms() + 1)
                                          : network_.now_ms() + 1);
}

bool Federation::run_until(const std::function<bool()>& condition, Duration limit) {
  const Instant deadline = now() + limit;
  while (!condition()) {
    if (now() >= deadline) return false;
    pass();
  }
  return true;
}

void Federation::run_for(Duration duration) {
  const Instant deadline = now() + duration;
  run_until([&] { return now() >= deadline; }, duration + std::chrono::seconds(2));
}

Result<Json> Federation::call(const std::string& id, const std::string& name, Json arguments) {
  FederationNode& node = this->node(id);
  const std::uint64_t command = next_command_++;
  node.inbox_.push_back(CommandInput{command, name, std::move(arguments)});
  SIMPUL_CHECK(run_until([&] { return node.replies_.contains(command); }, kPatience));
  return node.replies_.extract(command).mapped();
}

Result<Json> Federation::ask(const std::string& id, const std::string& name,
                             const Json& arguments) {
  const FederationNode& node = this->node(id);
  ReadTransaction transaction = node.store().read();
  Tables tables(transaction);
  const auto bytes = tables.rosters.newest();
  if (!bytes) return fail(ErrorCode::kNotYet, id + " has no roster yet");
  SIMPUL_TRY(held, open_roster(*bytes, node.identity().root));
  return run_query(
      {.tables = tables, .self = &node.identity(), .roster = held.roster, .now = now()}, name,
      arguments);
}

std::vector<Result<Json>> Federation::call_together(const std::string& id, const std::string& name,
                                                    const std::vector<Json>& arguments) {
  FederationNode& node = this->node(id);
  const std::uint64_t first = next_command_;
  for (const Json& one : arguments) {
    node.inbox_.push_back(CommandInput{next_command_++, name, one});
  }
  std::vector<Result<Json>> answers;
  for (std::uint64_t command = first; command < first + arguments.size(); ++command) {
    SIMPUL_CHECK(run_until([&] { return node.replies_.contains(command); }, kPatience));
    answers.push_back(node.replies_.extract(command).mapped());
  }
  return answers;
}

CaseState Federation::state(const std::string& id, const std::string& case_id) {
  ReadTransaction transaction(node(id).store().environment());
  Tables tables(transaction);
  const CaseId parsed = must(CaseId::parse(case_id));
  return fold_case(parsed, tables.cases.events_of(parsed), roster_.roster);
}

std::optional<std::uint64_t> Federation::disputed_from(const std::string& id,
                                                       const JournalId& journal) {
  ReadTransaction transaction(node(id).store().environment());
  const auto head = Tables(transaction).journals.head(journal);
  return head ? head->disputed_from : std::nullopt;
}

std::optional<std::string> Federation::text(const std::string& id, const std::string& case_id,
                                            EnclosureRole role) {
  ReadTransaction transaction(node(id).store().environment());
  Tables tables(transaction);
  for (const CaseEvent& held : tables.cases.events_of(must(CaseId::parse(case_id)))) {
    for (const EnclosureRef& ref : held.event.enclosures) {
      if (ref.role != role) continue;
      const auto content = read_enclosure(tables, node(id).identity(), ref.commitment.digest);
      if (content) return std::string(as_text(content->bytes.view()));
    }
  }
  return std::nullopt;
}

}  // namespace simpul::test
