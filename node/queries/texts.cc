// What an enclosure says, or why it cannot be read here.
#include "crypto/encoding.h"
#include "node/engine/substance.h"
#include "node/queries/query.h"

namespace simpul {
namespace {

constexpr std::size_t kInlineSizeMax = 64 * 1024;  // larger contents are named, not shown

void put_content(Json& json, const EnclosureContent& content, bool with_data) {
  json["state"] = "open";
  json["type"] = content.media_type;
  json["size"] = content.bytes.size();
  if (!content.name.empty()) json["name"] = content.name;
  const bool is_text =
      content.media_type.starts_with("text/") && content.bytes.size() <= kInlineSizeMax;
  if (is_text && content.name.empty()) {
    json["text"] = std::string(as_text(content.bytes.view()));
  } else if (with_data) {
    json["data"] = to_base64(content.bytes.view());
  }
}

void put_closed(Json& json, const Error& error) {
  const bool is_kept = error.code == ErrorCode::kNotEntitled || error.code == ErrorCode::kWrongKey;
  const bool is_late = error.code == ErrorCode::kNotYet;
  json["state"] = is_kept ? "kept" : is_late ? "not-arrived" : "unreadable";
  json["why"] = is_kept ? "kept from us: no key" : is_late ? "not arrived yet" : error.message;
}

}  // namespace

Json text_json(const QueryContext& context, const Event& event, const EnclosureRef& ref,
               bool with_data) {
  const Digest& digest = ref.commitment.digest;
  Json json{{"event", event.position.text()},
            {"author", event.position.journal.member.text()},
            {"time", to_text(event.happened.value_or(event.time))},
            {"role", name_of(ref.role)},
            {"digest", to_hex(digest.view())}};
  if (!context.self) {
    json["state"] = "locked";
    json["why"] = "locked: the node's keys are not open";
    return json;
  }
  const auto record = context.tables.enclosures.get(digest);
  if (record && record->destroyed) {
    json["state"] = "erased";
    json["why"] = "erased";
    return json;
  }
  if (!record) {
    put_closed(json, {ErrorCode::kNotEntitled, ""});
    return json;
  }
  const auto content = read_enclosure(context.tables, *context.self, digest);
  content ? put_content(json, *content, with_data) : put_closed(json, content.error());
  return json;
}

}  // namespace simpul
