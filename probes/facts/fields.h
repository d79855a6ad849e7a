// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "probes/facts.h"
#include "probes/facts/names.h"

// Every field of the facts with its JSON key, once: the writer and the reader of facts_json.cpp
// both walk these lists, so that they cannot drift apart. An archive offers
//   value(key, T)     a member that is always there            optional(key, std::optional<T>) left
//   out when empty fact(key, Fact)   left out, null or a value                seconds(key,
//   Rational|Fact)       "<key>_s": rounded, "<key>": exact list(key, vector) an array word(key,
//   enum, names)            an enumeration by name
namespace cleangate::probes::json {

template <class A>
void fields(A& a, CleanAperture& x) {
  a.value("width", x.width);
  a.value("height", x.height);
  a.value("horizontal_offset", x.horizontal_offset);
  a.value("vertical_offset", x.vertical_offset);
}

template <class A>
void fields(A& a, Chromaticity& x) {
  a.scaled("x", x.x, 50'000);
  a.scaled("y", x.y, 50'000);
}

// The contract nests the three primaries under one key.
struct Primaries {
  Chromaticity red, green, blue;
};

template <class A>
void fields(A& a, Primaries& x) {
  a.value("red", x.red);
  a.value("green", x.green);
  a.value("blue", x.blue);
}

template <class A>
void fields(A& a, MasteringDisplay& x) {
  Primaries primaries{x.red, x.green, x.blue};
  a.value("primaries", primaries);
  x.red = primaries.red;
  x.green = primaries.green;
  x.blue = primaries.blue;
  a.value("white_point", x.white_point);
  a.scaled("luminance_min", x.luminance_min, 10'000);
  a.scaled("luminance_max", x.luminance_max, 10'000);
  a.value("carrier", x.carrier);
}

template <class A>
void fields(A& a, DolbyVision& x) {
  a.value("profile", x.profile);
  a.value("level", x.level);
  a.value("compatibility_id", x.compatibility_id);
  a.value("rpu_present", x.rpu_present);
  a.value("el_present", x.el_present);
  a.value("bl_present", x.bl_present);
}

template <class A>
void fields(A& a, Hdr& x) {
  a.list("formats", x.formats);
  a.optional("mastering", x.mastering);
  a.content_light(x.content_light);
  a.optional("dolby_vision", x.dolby_vision);
}

template <class A>
void fields(A& a, Gop& x) {
  a.value("length_max", x.length_max);
  a.value("length_mean", x.length_mean);
  a.value("b_frames_max", x.b_frames_max);
  a.value("closed", x.closed);
  a.value("intra_only", x.intra_only);
}

template <class A>
void fields(A& a, BitRate& x) {
  a.value("mean", x.mean);
  a.fact("max_1s", x.max_1s);
  a.fact_word("mode", x.mode, kBitRateModes);
}

template <class A>
void fields(A& a, FrameRun& x) {
  a.value("first_frame", x.first);
  a.value("end_frame", x.end);
}

template <class A>
void fields(A& a, VideoFacts& x) {
  a.fact("frame_count", x.frame_count);
  a.positive("width", x.width);  // nobody stated it: 0 here, null there
  a.positive("height", x.height);
  a.fact("pixel_aspect", x.pixel_aspect);
  a.fact("display_aspect", x.display_aspect);
  a.fact("rotation", x.rotation);
  a.fact("clean_aperture", x.clean_aperture);
  a.fact("afd", x.afd);
  a.fact("frame_rate", x.frame_rate);
  a.fact_word("frame_rate_mode", x.frame_rate_mode, kRateModes);
  a.list_unless_empty("rate_deviations", x.rate_deviations);
  a.fact_word("scan", x.scan, kScans);
  a.fact_word("field_order", x.field_order, kFieldOrders);
  a.fact("chroma", x.chroma);
  a.fact("chroma_siting", x.chroma_siting);
  a.fact("bit_depth", x.bit_depth);
  a.fact("alpha", x.alpha);
  a.fact("rgb", x.rgb);
  a.value("color", x.color);
  a.fact("hdr", x.hdr);
  a.fact("gop", x.gop);
}

template <class A>
void fields(A& a, AudioFacts& x) {
  a.positive("channels", x.channels);
  a.fact("channel_layout", x.channel_layout);
  a.list_unless_empty("channel_labels", x.channel_labels);
  a.positive("sample_rate", x.sample_rate);
  a.fact("bit_depth", x.bit_depth);
  a.fact("sample_count", x.sample_count);
  a.fact("trimmed_start", x.trimmed_start);
  a.fact("trimmed_end", x.trimmed_end);
  a.fact("data", x.embedded);
}

template <class A>
void fields(A& a, StreamFacts& x) {
  a.value("index", x.index);
  a.word("kind", x.kind, kStreamKinds);
  a.optional("native_id", x.native_id);
  a.optional("program_id", x.program_id);
  a.value("codec", x.codec);
  a.fact("profile", x.profile);
  a.fact("level", x.level);
  a.fact("codec_tag", x.codec_tag);
  a.fact("bit_rate", x.bit_rate);
  a.fact("language", x.language);
  a.value("time_base", x.time_base);
  a.seconds("start", x.start_s);
  a.seconds("duration", x.duration_s);
  a.fact("essence_digest", x.essence_digest);
  a.fact("essence_hint", x.essence_hint);
  a.media(x);
}

template <class A>
void fields(A& a, ContainerFacts& x) {
  a.value("format", x.format);
  a.fact("brand", x.brand);
  a.fact("operational_pattern", x.operational_pattern);
  a.seconds("duration", x.duration_s);
  a.fact("bit_rate", x.bit_rate);
  a.fact("fast_start", x.fast_start);
  a.fact("edit_lists", x.edit_lists);
  a.fact("start_timecode", x.start_timecode);
}

template <class A>
void fields(A& a, TimecodeDiscontinuity& x) {
  a.value("frame", x.frame);
  a.value("expected", x.expected);
  a.value("found", x.found);
}

template <class A>
void fields(A& a, TimecodeFacts& x) {
  a.word("source", x.source, kTimecodeSources);
  a.optional("stream", x.stream);
  a.fact("start", x.start);
  a.fact("rate", x.rate);
  a.fact("drop_frame", x.drop_frame);
  a.list("discontinuities", x.discontinuities);
  a.value("primary", x.primary);
  a.text_unless_empty("primary_because", x.primary_because);
}

template <class A>
void fields(A& a, SoundfieldChannel& x) {
  a.value("stream", x.stream);
  a.value("channel", x.channel);
  a.value("label", x.label);
}

template <class A>
void fields(A& a, Soundfield& x) {
  a.value("id", x.id);
  a.value("layout", x.layout);
  a.list("channels", x.channels);
  a.optional("language", x.language);
  a.value("role", x.role);
  a.word("grouping", x.grouping, kGroupings);
}

template <class A>
void fields(A& a, CaptionService& x) {
  a.value("name", x.name);
  a.optional("language", x.language);
  a.fact("cues", x.cues);
  a.seconds("first", x.first_s);
  a.seconds("last", x.last_s);
}

template <class A>
void fields(A& a, CaptionFacts& x) {
  a.value("carriage", x.carriage);
  a.optional("stream", x.stream);
  a.optional("path", x.path);
  a.list("standards", x.standards);
  a.list("services", x.services);
}

template <class A>
void fields(A& a, ConflictVoice& x) {
  a.value("by", x.by);
  a.value("value", x.value);
}

template <class A>
void fields(A& a, Conflict& x) {
  a.value("field", x.field);
  a.list("values", x.values);
}

template <class A>
void fields(A& a, Damage& x) {
  a.value("stream", x.stream);
  a.optional("frame", x.frame);
  a.value("message", x.message);
}

template <class A>
void fields(A& a, DecodeFacts& x) {
  a.value("frames", x.frames);
  a.value("damaged_frames", x.damaged_frames);
  a.list("errors", x.errors);
  a.value("errors_total", x.errors_total);
  a.value("decoder", x.decoder);
}

template <class A>
void fields(A& a, AssetFacts& x) {
  a.word("depth", x.depth, kDepths);
  a.value("bytes", x.bytes);
  a.fact("content_id", x.content_id);
  a.map_unless_empty("digests", x.digests);
  a.value("container", x.container);
  // At depth header no packet was read: an empty list would claim that none was found.
  a.list_or_null("timecodes", x.timecodes, x.depth == Depth::header);
  a.list("streams", x.streams);
  a.list("soundfields", x.soundfields);
  a.list_or_null("captions", x.captions, x.depth == Depth::header);
  a.list("conflicts", x.conflicts);
  a.list_unless_empty("damage", x.container_damage);
  a.optional("decode", x.decode);
}

}  // namespace cleangate::probes::json
