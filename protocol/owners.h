// Whose business a case is by the federation's policy. SPEC section "Owners". Pure.
#pragma once

#include <span>
#include <string_view>

#include "protocol/roster.h"

namespace simpul {

// Whether `code` is `above` or lies below it: "roads.potholes" below "roads", all below "".
bool lies_within(std::string_view code, std::string_view above);

// Of the entries that the case lies within, the one of the most specific category, of these the
// one of the most specific region. nullptr: the policy says nothing.
const CategoryOwner* owner_of(std::span<const CategoryOwner> owners, std::string_view category,
                              std::string_view region);

}  // namespace simpul
