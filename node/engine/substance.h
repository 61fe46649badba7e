// Enclosures and their keys: sealing what is written here, giving keys to the entitled, opening
// what was received. Keys rest wrapped under the vault key. Stateless over the tables; fetching the
// ciphertext is fetcher.h's.
#pragma once

#include <string>
#include <vector>

#include "node/engine/case_files.h"
#include "node/engine/router.h"
#include "node/engine/step.h"
#include "protocol/enclosure_content.h"

namespace simpul {

// Something written here that an event is about to commit to.
struct Draft {
  EnclosureRole role = EnclosureRole::kNarrative;
  SealedEnclosure sealed;
  EnclosureRef ref() const { return {role, sealed.commitment}; }
};

// Error::kTooLarge, kMalformed as encode_content.
Result<Draft> draft_enclosure(EnclosureRole role, std::string_view media_type,
                              std::string_view name, BytesView bytes, Random& random);

// Keeps ciphertext and wrapped key of what the event at `position` committed to.
void keep_drafts(Step& step, const std::vector<Draft>& drafts, const CaseId& id,
                 const EventPosition& position);

// Reads an enclosure. Error::kNotEntitled without its key, kNotYet while chunks are missing.
Result<EnclosureContent> read_enclosure(Tables& tables, const Identity& self, const Digest& digest);

// Whether handing on all keys it holds is this node's part now. After a ruling it is the origin's
// and the last custodian's, however custody went on: they may hear of it late, and whoever has the
// case by then may have got it from somebody without keys.
bool hands_on_keys(const Step& step, const CaseState& state, std::span<const CaseEvent> events);

// Gives keys of a case's enclosures to members that are entitled and have none yet, as far as
// it is this node's part: for what it wrote, for a case it is custodian of, and after a ruling.
void distribute_keys(Step& step, const CaseFile& file);

// Registers the enclosures of a case's events and wants those it has keys for. A hub also wants
// the ciphertext that others are entitled to: of new events for the whole audience, of all
// events for those who just joined it. For those who just left it holds nothing any more.
void register_enclosures(Step& step, const CaseFile& file, const AudienceChange& change);

// Takes packets in: for this node, or to relay.
Result<void> receive_packet(Step& step, const MemberId& sender, const KeyPacket& packet);

// A recipient holds the enclosure whole, or may not have it any more: the relay drops it when that
// was the last. Does nothing where it is not held for them.
void release_relayed(Step& step, const Digest& digest, const MemberId& recipient);

// This node declines what `file` offers it: unless it has another part in the case, its keys and
// packets go. A later offer brings new ones.
void destroy_keys(Step& step, const CaseFile& file);

// `member` is to be given the case's keys anew: it destroyed those of an earlier offer.
void forget_packets_to(Step& step, const CaseFile& file, const MemberId& member);

}  // namespace simpul
