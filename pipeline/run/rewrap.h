// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "core/error.h"
#include "dam/memory_evidence.h"
#include "dam/record.h"
#include "pipeline/run/catalogs.h"
#include "specs/evidence.h"

namespace cleangate::run {

// The same essence in another wrapper: `pass`, which decoded nothing (its facts, and the times of
// its frames: probes::kPacketTimes), completed with what only decoding tells and with the rows, as
// they were measured for `known`. Null when any of its essences is another, was not decoded whole,
// or its rows are not all there for this wrapper (a trim of the sound): then it has to be decoded.
[[nodiscard]] Expected<std::unique_ptr<dam::MemoryEvidence>> adopt(Catalogs& catalogs,
                                                                   const std::string& path,
                                                                   const specs::Evidence& pass,
                                                                   dam::AssetNumber known);

// The same file with other facts about it: `facts` differ from those stored in what people state.
[[nodiscard]] Expected<std::unique_ptr<dam::MemoryEvidence>> restate(
    Catalogs& catalogs, const std::string& path, const probes::AssetFacts& facts);

}  // namespace cleangate::run
