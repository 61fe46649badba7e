// log.verify {journal}  -> {"verified": bool, "journals": [{journal, events, root, verified,
//                          damage: [{index, last, why}], signature, cosigned_by}]}
// Reads every event again, hashes it, and compares with what the author and the witnesses
// signed. Nothing that is stored besides is trusted.
#include "crypto/encoding.h"
#include "node/queries/query.h"
#include "protocol/checkpoint.h"

namespace simpul {
namespace {

constexpr std::size_t kDamageMax = 20;  // named in a report; there may be more

struct Report {
  Json json;
  std::size_t damaged = 0;

  void damage(std::optional<std::uint64_t> index, const std::string& why) {
    if (++damaged > kDamageMax) return;
    Json entry{{"why", why}};
    if (index) entry["index"] = *index;
    json["damage"].push_back(std::move(entry));
  }
  // One of several: the signed heads before and after tell no closer.
  void altered_between(std::uint64_t first, std::uint64_t last) {
    const bool is_one = first == last;
    damage(first, is_one ? "altered: it is not the event that was signed"
                         : "altered: one of the events up to " + std::to_string(last) +
                               " is not the one that was signed");
    json["damage"].back()["last"] = last;
  }
};

void check_place(Report& report, const JournalId& journal, std::uint64_t index, BytesView bytes) {
  const auto envelope = decode_envelope(bytes);
  if (!envelope) {
    report.damage(index, "not readable: " + envelope.error().message);
  } else if (envelope->position != EventPosition{journal, index}) {
    report.damage(index, "it says that it stands at " + envelope->position.text());
  }
}

// The leaf hashes that were stored when the events came, where they still are.
class StoredLeaves {
 public:
  StoredLeaves(const JournalStore& journals, const JournalId& journal)
      : journals_(journals), journal_(journal) {}
  std::optional<Digest> at(std::uint64_t index) {
    const std::uint64_t number = index / kTileWidth;
    if (!tile_number_ || *tile_number_ != number) {
      tile_ = journals_.tile(journal_, number);
      tile_number_ = number;
    }
    const std::uint64_t place = index % kTileWidth;
    if (!tile_ || place >= tile_->size()) return std::nullopt;
    return (*tile_)[place];
  }

 private:
  const JournalStore& journals_;
  const JournalId& journal_;
  std::optional<std::uint64_t> tile_number_;
  std::optional<std::vector<Digest>> tile_;
};

std::map<std::uint64_t, Digest> signed_roots(const JournalStore& journals, const JournalId& id) {
  std::map<std::uint64_t, Digest> roots;
  journals.visit_checkpoints(id, 0, [&](std::uint64_t size, std::string_view note) {
    if (const auto checkpoint = parse_checkpoint(note)) roots.emplace(size, checkpoint->root);
    return true;
  });
  return roots;
}

// All events from 0 on against every checkpoint held: the first that does not come out bounds
// where the damage is.
void check_complete(const QueryContext& context, const JournalHead& head, Report& report) {
  const JournalStore& journals = context.tables.journals;
  const auto roots = signed_roots(journals, head.id);
  StoredLeaves stored(journals, head.id);
  Frontier frontier;
  std::uint64_t sound = 0;  // the size of the last checkpoint that came out
  bool broken = false;
  journals.visit(head.id, 0, [&](std::uint64_t index, BytesView bytes) {
    if (index >= head.held) return false;
    if (index != frontier.size()) {
      report.damage(frontier.size(), "missing");
      broken = true;
      return false;
    }
    check_place(report, head.id, index, bytes);
    const Digest leaf = leaf_hash(bytes);
    const auto was = stored.at(index);
    if (was && *was != leaf) report.damage(index, "altered since it was stored");
    frontier.append(leaf);
    const auto root = roots.find(frontier.size());
    if (root == roots.end() || broken) return true;
    if (root->second == frontier.root()) {
      sound = frontier.size();
    } else {
      broken = true;
      if (report.damaged == 0) report.altered_between(sound, frontier.size() - 1);
    }
    return true;
  });
  if (frontier.size() < head.held && !broken) report.damage(frontier.size(), "missing");
  report.json["events"] = frontier.size();
  report.json["root"] = to_base64(frontier.root().view());
  if (!broken && !roots.empty() && roots.rbegin()->first > frontier.size()) {
    report.damage(std::nullopt, "events up to " + std::to_string(roots.rbegin()->first) +
                                    " were signed, " + std::to_string(frontier.size()) +
                                    " are here");
  }
}

// The first head, signed by the author, at which the nodes held here lead from an event to its
// root: an event is proved against the head of its day, and later ones need nodes that never came.
class ProvingHeads {
 public:
  ProvingHeads(const QueryContext& context, const JournalId& journal)
      : journals_(context.tables.journals),
        journal_(journal),
        nodes_(journals_.transaction(), journal),
        author_(context.roster.find(journal.member)),
        origin_(checkpoint_origin(context.roster.federation, journal)) {}

  // Why the event is not proved, if it is not.
  std::optional<std::string> doubt(std::uint64_t index, BytesView bytes) {
    std::optional<std::string> doubt = "no head that covers it is held";
    journals_.visit_checkpoints(
        journal_, index + 1, [&](std::uint64_t size, std::string_view note) {
          const auto proof = inclusion_proof(nodes_, index, size);
          if (!proof) {
            doubt = "its proof is not held: " + proof.error().message;
            return true;
          }
          const auto root = signed_root(size, note);
          const bool proved =
              root && verify_inclusion(leaf_hash(bytes), index, size, *proof, *root);
          doubt = proved ? std::nullopt
                         : std::optional("altered: it or a neighbour is not what was signed");
          return false;
        });
    return doubt;
  }

 private:
  // Without an author in the roster the root is taken as it stands: that is reported apart.
  std::optional<Digest> signed_root(std::uint64_t size, std::string_view note) {
    const auto known = roots_.find(size);
    if (known != roots_.end()) return known->second;
    auto checkpoint = author_ ? open_checkpoint(std::string(note), origin_,
                                                author_->signing_key(journal_.generation, size))
                              : parse_checkpoint(std::string(note));
    std::optional<Digest> root;
    if (checkpoint) root = checkpoint->root;
    return roots_.emplace(size, root).first->second;
  }

  const JournalStore& journals_;
  const JournalId journal_;
  const JournalNodes nodes_;
  const Member* author_;
  const std::string origin_;
  std::map<std::uint64_t, std::optional<Digest>> roots_;
};

// Some events only: each by its own path to a signed root.
void check_sparse(const QueryContext& context, const JournalHead& head,
                  const Checkpoint& checkpoint, Report& report) {
  ProvingHeads heads(context, head.id);
  std::uint64_t events = 0;
  context.tables.journals.visit(head.id, 0, [&](std::uint64_t index, BytesView bytes) {
    ++events;
    check_place(report, head.id, index, bytes);
    if (const auto doubt = heads.doubt(index, bytes)) report.damage(index, *doubt);
    return true;
  });
  report.json["events"] = events;
  report.json["root"] = to_base64(checkpoint.root.view());
}

void check_signatures(const QueryContext& context, const JournalId& journal,
                      const std::string& note, std::uint64_t size, Report& report) {
  const Roster& roster = context.roster;
  const Member* author = roster.find(journal.member);
  if (!author) {
    report.json["signature"] = "unchecked: the roster here does not list the author";
    return;
  }
  const std::string origin = checkpoint_origin(roster.federation, journal);
  const auto opened = open_checkpoint(note, origin, author->signing_key(journal.generation, size));
  report.json["signature"] = opened ? "valid" : "invalid";
  if (!opened) {
    report.damage(std::nullopt, "the newest checkpoint: " + opened.error().message);
  }
  report.json["cosigned_by"] = Json::array();
  for (const Member& member : roster.members) {
    const auto witnessed = cosigned_at(member, roster.federation, note);
    if (witnessed) {
      report.json["cosigned_by"].push_back(
          {{"by", member.id.text()}, {"at", to_text(witnessed->time)}});
    } else if (witnessed.error().code == ErrorCode::kBadSignature) {
      report.damage(std::nullopt, "the cosignature of " + member.id.text() + " does not verify");
    }
  }
}

Json verify_journal(const QueryContext& context, const JournalHead& head) {
  Report report{.json = {{"journal", head.id.text()},
                         {"complete", head.complete},
                         {"damage", Json::array()}}};
  const auto note = context.tables.journals.newest_checkpoint(head.id);
  const auto checkpoint =
      note ? parse_checkpoint(*note) : fail(ErrorCode::kNotFound, "no checkpoint is held");
  const bool in_order = !checkpoint || head.complete || head.held >= checkpoint->size;
  if (in_order) {
    check_complete(context, head, report);
  } else {
    check_sparse(context, head, *checkpoint, report);
  }
  if (checkpoint) {
    report.json["signed_size"] = checkpoint->size;
    check_signatures(context, head.id, *note, checkpoint->size, report);
  } else if (head.size > 0) {
    report.damage(std::nullopt, checkpoint.error().message);
  }
  if (head.disputed_from) report.json["disputed_from"] = *head.disputed_from;
  report.json["verified"] = report.damaged == 0;
  report.json["damaged"] = report.damaged;
  return std::move(report.json);
}

}  // namespace

Result<Json> verify_logs(const QueryContext& context, const Arguments& arguments) {
  std::vector<JournalHead> heads;
  if (arguments.has("journal")) {
    SIMPUL_TRY(journal, journal_argument(context, arguments));
    heads.push_back(*context.tables.journals.head(journal));
  } else {
    heads = context.tables.journals.heads();
  }
  Json json{{"verified", true}, {"journals", Json::array()}};
  for (const JournalHead& head : heads) {
    Json report = verify_journal(context, head);
    if (!report["verified"].get<bool>()) json["verified"] = false;
    json["journals"].push_back(std::move(report));
  }
  return json;
}

}  // namespace simpul
