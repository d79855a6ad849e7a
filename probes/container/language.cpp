// SPDX-License-Identifier: Apache-2.0
#include "probes/container/language.h"

#include <algorithm>
#include <cctype>

namespace cleangate::probes {
namespace {

// ISO 639-2 code (three letters, terminological and bibliographic) and the ISO 639-1 code of the
// same language (two letters); sorted, six characters an entry.
constexpr std::string_view kTwoLetterOf =
    "aaraa abkab afraf akaak albsq amham araar argan armhy asmas avaav aveae aymay azeaz bakba "
    "bambm baqeu belbe benbn bihbh bisbi bodbo bosbs brebr bulbg burmy catca cescs chach chece "
    "chizh chucu chvcv corkw cosco crecr cymcy czecs danda deude divdv dutnl dzodz ellel engen "
    "epoeo estet euseu eweee faofo fasfa fijfj finfi frafr frefr fryfy fulff geoka gerde glagd "
    "glega glggl glvgv greel grngn gujgu hatht hauha hebhe herhz hinhi hmoho hrvhr hunhu hyehy "
    "iboig iceis idoio iiiii ikuiu ileie inaia indid ipkik islis itait javjv jpnja kalkl kankn "
    "kasks katka kaukr kazkk khmkm kikki kinrw kirky komkv konkg korko kuakj kurku laolo latla "
    "lavlv limli linln litlt ltzlb lublu luglg macmk mahmh malml maomi marmr mayms mkdmk mlgmg "
    "mltmt monmn mrimi msams myamy nauna navnv nblnr ndend ndong nepne nldnl nnonn nobnb norno "
    "nyany ocioc ojioj orior ormom ossos panpa perfa plipi polpl porpt pusps quequ rohrm ronro "
    "rumro runrn rusru sagsg sansa sinsi slksk slosk slvsl smese smosm snasn sndsd somso sotst "
    "spaes sqisq srdsc srpsr sswss sunsu swasw swesv tahty tamta tattt telte tgktg tgltl thath "
    "tibbo tirti tonto tsntn tsots tuktk turtr twitw uigug ukruk urdur uzbuz venve vievi volvo "
    "welcy wlnwa wolwo xhoxh yidyi yoryo zhaza zhozh zulzu ";
static_assert(kTwoLetterOf.size() % 6 == 0);

// QuickTime File Format, "Language Code Values": Macintosh codes 0 to 94 and 128 to 151.
constexpr std::string_view kMacintosh0 =
    "en fr de it nl sv es da pt no he ja ar fi el is mt tr hr zh-Hant ur hi th ko lt pl hu "
    "et lv se fo fa ru zh-Hans nl-BE ga sq ro cs sk sl yi sr mk bg uk be uz kk az-Cyrl "
    "az-Arab hy ka ro ky tg tk mn-Mong mn-Cyrl ps ku ks sd bo ne sa mr bn as gu pa or ml kn "
    "ta te si my km lo vi id tl ms ms-Arab am ti om so sw rw rn ny mg eo ";
constexpr std::string_view kMacintosh128 =
    "cy eu ca la qu gn ay tt ug dz jv su gl af br iu gd gv ga to grc kl az-Latn nn ";

std::string_view word(std::string_view list, unsigned index) {
  while (index-- > 0) {
    const auto space = list.find(' ');
    if (space == std::string_view::npos) return {};
    list.remove_prefix(space + 1);
  }
  return list.substr(0, list.find(' '));
}

bool is_alpha(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::string shortest(const std::string& primary) {
  if (primary.size() != 3) return primary;
  for (std::size_t at = 0; at < kTwoLetterOf.size(); at += 6)
    if (kTwoLetterOf.substr(at, 3) == primary) return std::string(kTwoLetterOf.substr(at + 3, 2));
  return primary;
}

// RFC 5646, 2.1.1: four letters after the first subtag are a script (Title), two a region (UPPER).
std::string conventional(std::string subtag) {
  if (!is_alpha(subtag)) return subtag;
  const auto upper = [](char& c) { c = static_cast<char>(c - 'a' + 'A'); };
  if (subtag.size() == 4) upper(subtag[0]);
  if (subtag.size() == 2) std::for_each(subtag.begin(), subtag.end(), upper);
  return subtag;
}

}  // namespace

std::optional<std::string> bcp47(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\0')) text.remove_suffix(1);
  if (text.size() < 2 || text.size() > 64 || text.back() == '-' || text.back() == '_')
    return std::nullopt;
  std::string tag;
  bool singleton = false;  // after x-, u- … everything is lower case
  for (bool first = true; !text.empty() || first; first = false) {
    const auto dash = text.find_first_of("-_");
    const std::string subtag = lower(text.substr(0, dash));
    text = dash == std::string_view::npos ? std::string_view{} : text.substr(dash + 1);
    const bool alphanumeric = std::all_of(subtag.begin(), subtag.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    });
    if (subtag.empty() || subtag.size() > 8 || !alphanumeric) return std::nullopt;
    if (first) {
      if (subtag == "und" || !is_alpha(subtag)) return std::nullopt;
      if (subtag.size() == 1 && subtag != "x" && subtag != "i") return std::nullopt;
      tag = shortest(subtag);
    } else {
      tag += '-' + (singleton ? subtag : conventional(subtag));
    }
    singleton = singleton || subtag.size() == 1;
  }
  return tag;
}

std::optional<std::string> bcp47_of_mdhd(std::uint16_t code, LanguageField field) {
  if (code == 0x7fff) return std::nullopt;
  if (code < 0x400) {
    if (field == LanguageField::iso) return std::nullopt;
    const std::string_view known = code < 128
                                       ? word(kMacintosh0, code)
                                       : word(kMacintosh128, static_cast<unsigned>(code) - 128);
    return known.empty() ? std::nullopt : std::optional<std::string>(known);
  }
  std::string letters;
  for (const int shift : {10, 5, 0}) letters += static_cast<char>(0x60 + (code >> shift & 31));
  return is_alpha(letters) ? bcp47(letters) : std::nullopt;
}

}  // namespace cleangate::probes
