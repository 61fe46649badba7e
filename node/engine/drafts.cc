#include "node/engine/drafts.h"

#include "crypto/encoding.h"
#include "protocol/entitlement.h"
#include "protocol/personal_numbers.h"

namespace simpul {

Result<void> draft_text(std::vector<Draft>& drafts, EnclosureRole role, const std::string& text,
                        Random& random) {
  if (text.empty()) return {};
  if (text.size() > kTextSizeMax) {
    return fail(ErrorCode::kTooLarge, "a text may have 64 KiB at most; attach it as a file");
  }
  SIMPUL_TRY(draft, draft_enclosure(role, "text/plain", "", as_bytes(text), random));
  drafts.push_back(std::move(draft));
  return {};
}

Result<void> check_publishable(EnclosureRole role, Privacy privacy, const Arguments& arguments) {
  if (!is_published(role) || privacy != Privacy::kPublic || arguments.flag("publish_anyway"))
    return {};
  const auto found = personal_numbers(arguments.text_or("text", ""));
  if (found.empty()) return {};
  return fail(ErrorCode::kNotAllowed,
              "the text would be public and holds what looks like " + describe(found) +
                  ": leave it out, make the case anonymous or confidential, or say "
                  "--publish-anyway");
}

Result<void> draft_files(std::vector<Draft>& drafts, const Json& arguments, Random& random) {
  if (!arguments.contains("attachments")) return {};
  for (const Json& file : arguments["attachments"]) {
    const Arguments fields(file);
    SIMPUL_TRY(name, fields.text("name"));
    SIMPUL_TRY(data, from_base64(fields.text_or("data", "")));
    SIMPUL_TRY(draft, draft_enclosure(EnclosureRole::kAttachment,
                                      fields.text_or("type", "application/octet-stream"), name,
                                      data, random));
    drafts.push_back(std::move(draft));
  }
  return {};
}

std::vector<EnclosureRef> refs_of(const std::vector<Draft>& drafts) {
  std::vector<EnclosureRef> refs;
  for (const Draft& draft : drafts) refs.push_back(draft.ref());
  return refs;
}

}  // namespace simpul
