#include "node/demo/seats.h"

#include <algorithm>

#include "crypto/result.h"

namespace simpul {

const std::vector<Seat>& seats() {
  static const std::vector<Seat> all = {
      {kHubSeat, MemberKind::kHub, "Hub Nasional SP4N-LAPOR!", "Hub", true},
      {"51", MemberKind::kProvince, "Pemerintah Provinsi Bali", "Bali", true},
      {"34", MemberKind::kProvince, "Pemerintah Daerah DI Yogyakarta", "DI Yogyakarta", true},
      {"13", MemberKind::kProvince, "Pemerintah Provinsi Sumatera Barat", "Sumatera Barat", true},
      {"51.03", MemberKind::kRegency, "Pemerintah Kabupaten Badung", "Badung", false},
      {"34.04", MemberKind::kRegency, "Pemerintah Kabupaten Sleman", "Sleman", false},
      {"36.03", MemberKind::kRegency, "Pemerintah Kabupaten Tangerang", "Tangerang", false},
      {"pupr", MemberKind::kMinistry, "Kementerian Pekerjaan Umum", "Kementerian PU", true},
      {"kemenkes", MemberKind::kMinistry, "Kementerian Kesehatan", "Kementerian Kesehatan", true}};
  return all;
}

const Seat& seat_of(const std::string& id) {
  const auto found = std::ranges::find_if(seats(), [&](const Seat& seat) { return seat.id == id; });
  SIMPUL_CHECK(found != seats().end());
  return *found;
}

std::string called(const std::string& id) {
  for (const Seat& seat : seats()) {
    if (seat.id == id) return std::string(seat.short_name) + " (" + id + ")";
  }
  return id;
}

}  // namespace simpul
