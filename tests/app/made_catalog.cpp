// SPDX-License-Identifier: Apache-2.0
// Writes a catalog of made measurements, as ingesting would have: end-to-end tests of the verbs
// that ask it need no media then.
//   made_catalog FILE: assets 1 (film, fails twice), 2 (trailer, passes all but black), 3 (no
//   media), 4 (film, graded anew), 5 (film, wrapped anew)
#include <cstdio>

#include "dam/assets.h"
#include "dam/catalog.h"
#include "dam/recorder.h"
#include "tests/dam/made_measurement.h"

namespace cleangate::test {
namespace {

template <class T>
T need(Expected<T> expected) {
  if (!expected) throw std::runtime_error(expected.error().message);
  if constexpr (!std::is_void_v<T>) return std::move(*expected);
}

dam::AssetNumber record(dam::Recorder& recorder, const Made& made, const std::string& path,
                        std::vector<dam::Cue> cues = {}) {
  const auto evidence = measured(made);
  dam::AssetRecord asset;
  asset.location = place(path, 100 + path.size());
  asset.evidence = evidence.get();
  asset.isolation = "full";
  asset.cues = std::move(cues);
  asset.verdicts = {{specs::judge(*evidence, made_rules(), {}), {}}};
  return need(recorder.record(std::span(&asset, 1))).front().number;
}

void record_unreadable(dam::Recorder& recorder) {
  dam::AssetRecord asset;
  asset.location = place("/masters/readme.txt", 9);
  dam::MemoryEvidence evidence("/masters/readme.txt");
  evidence.set_status(probes::Status::not_media);
  asset.evidence = &evidence;
  asset.error = Error{ErrorCode::not_media, "/masters/readme.txt is not media."};
  need(recorder.record(std::span(&asset, 1)));
}

void fill(const std::string& path) {
  dam::CatalogOptions options;
  options.agent = "made_catalog";
  dam::Catalog catalog = need(dam::Catalog::open(path, options));
  dam::Recorder recorder(catalog);
  record(recorder, named("film"), "/masters/film.mov",
         {{"CC1", "en", Rational(1), Rational(2), "Good night, and good luck."}});
  Made trailer = named("trailer");
  trailer.frames = 1000;
  trailer.energy = 0.00295;  // -23.0 LUFS
  record(recorder, trailer, "/masters/sub/trailer.mov");
  record_unreadable(recorder);
  Made again = named("film again");
  again.black = 0;
  record(recorder, again, "/masters/film graded.mov");
  Made wrapped = named("film");
  wrapped.wrapper = ".mxf";
  record(recorder, wrapped, "/masters/film.mxf");
}

}  // namespace
}  // namespace cleangate::test

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("made_catalog FILE\n", stderr);
    return 2;
  }
  try {
    cleangate::test::fill(argv[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "made_catalog: %s\n", error.what());
    return 1;
  }
  return 0;
}
