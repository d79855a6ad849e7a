#include "tests/probes/bitstream/real_stream.h"
#include <fmt/format.h>
#include "core/rational.h"
using namespace cleangate; using namespace cleangate::test; using namespace cleangate::probes;
int main(int argc,char**argv){ for(int a=1;a<argc;a++){ std::string which="v:0"; std::string path=argv[a]; if(path.rfind("a:",0)==0||path.rfind("v:",0)==0){which=path.substr(0,3);path=argv[++a];}
 auto s=read_stream(path,which); if(!s){fmt::print("{}: none\n",path);continue;}
 auto o=observe(*s); auto v=o.probe->video(); auto au=o.probe->audio();
 fmt::print("== {} [{}] {} prof={}({}) lvl={}({}) {}x{} ({}x{}) pix={} chroma={} depth={} sar={}({}) col={}/{}/{}/{} ({} {} {} {}) siting={}({}) rgb={} alpha={} rate={}({}/{}) scan={} fo={}({}) afd={} md={} cll={} h10p={}\n", path, s->fact("codec_name"), s->fact("codec_tag_string"), v.profile.value_or("-"), s->fact("profile"), v.level.value_or("-"), s->fact("level"), v.width.value_or(-1), v.height.value_or(-1), s->fact("width"), s->fact("height"), s->fact("pix_fmt"), v.chroma.value_or("-"), v.bit_depth.value_or(-1), v.pixel_aspect?to_string(*v.pixel_aspect):"-", s->fact("sample_aspect_ratio"), to_string(v.color.primaries),to_string(v.color.transfer),to_string(v.color.matrix),to_string(v.color.range), s->fact("color_primaries"), s->fact("color_transfer"), s->fact("color_space"), s->fact("color_range"), v.chroma_siting.value_or("-"), s->fact("chroma_location"), v.rgb?int(*v.rgb):-1, v.alpha?int(*v.alpha):-1, v.frame_rate?to_string(*v.frame_rate):"-", s->fact("r_frame_rate"), s->fact("avg_frame_rate"), v.scan?int(*v.scan):-1, v.field_order?int(*v.field_order):-1, s->fact("field_order"), v.afd.value_or(-1), v.mastering.has_value(), v.content_light?int(v.content_light->max_cll):-1, v.hdr10plus);
 if(au.codec||au.channels) fmt::print("  audio codec={} prof={}({}) ch={}({}) rate={}({}) depth={}({}) layout={}({})\n", au.codec.value_or("-"), au.profile.value_or("-"), s->fact("profile"), au.channels.value_or(-1), s->fact("channels"), au.sample_rate.value_or(-1), s->fact("sample_rate"), au.bit_depth.value_or(-1), s->fact("bits_per_raw_sample"), au.channel_layout.value_or("-"), s->fact("channel_layout"));
 auto t=o.index->timing(std::nullopt, v.frame_rate); auto g=o.index->gop(); auto b=o.index->bit_rate();
 fmt::print("  packets={} frames={} rate={} mode={} dev={} missing={} back={} first={} end={}", o.index->packet_count(), t.frame_count.is_known()?*t.frame_count:-1, t.frame_rate.is_known()?to_string(*t.frame_rate):"?", t.mode.is_known()?to_string(*t.mode):"?", t.deviations.size(), t.missing_pts, t.backward_dts, t.first_pts.value_or(-1), t.end_pts.value_or(-1));
 if(g) fmt::print(" gop max={} mean={} b={} closed={} intra={}", g->length_max,to_string(g->length_mean),g->b_frames_max,g->closed,g->intra_only); else fmt::print(" gop?");
 if(b) fmt::print(" br={} max={} mode={}", b->mean, b->max_1s.is_known()?*b->max_1s:-1, b->mode.is_known()?to_string(*b->mode):"?");
 std::string cls; for(auto&c:o.classes){cls+=c.picture; if(c.access==RandomAccess::closed)cls+='!'; if(c.access==RandomAccess::open)cls+='o'; if(c.access==RandomAccess::gradual)cls+='g'; if(c.hidden)cls+='h'; if(c.second_field)cls+='2'; if(cls.size()>150)break;}
 std::string fr; for(auto&f:read_frames(path,which)){ if(fr.size()<100) fr+=f.picture; }
 auto frames=read_frames(path,which);
 if (s->description.kind==StreamKind::video) fmt::print("\n  {}\n  {} frames decoded={}", cls, fr, frames.size());
 for(auto&tc:o.probe->timecodes()) {fmt::print("\n  tc {} start={} rate={} drop={} disc={}", to_string(tc.source), tc.start.is_known()?*tc.start:"?", tc.rate.is_known()?to_string(*tc.rate):"?", tc.drop_frame.is_known()?int(*tc.drop_frame):-1, tc.discontinuities.size()); for(size_t i=0;i<tc.discontinuities.size()&&i<3;i++)fmt::print(" [{} {} {}]",tc.discontinuities[i].frame,tc.discontinuities[i].expected,tc.discontinuities[i].found);}
 for(auto&c:o.probe->captions()){fmt::print("\n  captions");for(auto&x:c.services)fmt::print(" {}",x.name);}
 if(auto e=o.probe->embedded_audio())fmt::print("\n  embedded {}",*e);
 for(auto&d:o.probe->damage())fmt::print("\n  damage {} {}",d.frame.value_or(-1),d.message);
 fmt::print("\n"); } }
