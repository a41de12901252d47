#include "core/simvenue.h"

#include "base/err.h"

#define LENGTH(array) ((int)(sizeof(array) / sizeof *(array)))

#define ROSE "0xD95BA0"
#define GREEN "0x5AAD58"
#define BLUE "0x5690D6"
#define VIOLET "0x7082E5"
#define RED "0xE08383"
#define TEAL "0x00DBD0"
#define SAND "0xE5B870"
#define NONE ""

static const struct simvenue_zone stadium_zones[] = {
    {"Field", RED, 420, 18, SIMVENUE_NUMBERS, SIMVENUE_SEATS},
    {"Field ADA", RED, 420, 0, SIMVENUE_NUMBERS, SIMVENUE_SEATS},
    {"100 Level", ROSE, 260, 44, SIMVENUE_NUMBERS, SIMVENUE_SEATS},
    {"Club Level", SAND, 340, 9, SIMVENUE_NUMBERS, SIMVENUE_CLUB},
    {"300 Level", BLUE, 150, 16, SIMVENUE_NUMBERS, SIMVENUE_SEATS},
    {"400 Level", VIOLET, 105, 13, SIMVENUE_NUMBERS, SIMVENUE_SEATS},
    {"Suites", TEAL, 680, 1, SIMVENUE_SUITE, SIMVENUE_SUITES},
    {"", NONE, 100, 0, SIMVENUE_NUMBERS, SIMVENUE_SEATS},
};
static const struct simvenue_run stadium_runs[] = {
    {0, "Field A", 1, 6},      {0, "Field B", 1, 5},      {0, "Field C", 1, 4},
    {1, "Field C2 ADA", 0, 1}, {1, "Field C4 ADA", 0, 1}, {2, "Section ", 101, 30},
    {3, "Section C", 131, 10}, {4, "Section ", 301, 35},  {5, "Section ", 401, 28},
    {6, "Suites", 0, 1},
};

static const struct simvenue_zone arena_zones[] = {
    {"Floor", RED, 380, 12, SIMVENUE_NUMBERS, SIMVENUE_SEATS},
    {"Lower Level", ROSE, 210, 34, SIMVENUE_LETTERS, SIMVENUE_SEATS},
    {"Club Level", SAND, 270, 12, SIMVENUE_LETTERS, SIMVENUE_CLUB},
    {"Upper Level", BLUE, 85, 36, SIMVENUE_LETTERS, SIMVENUE_SEATS},
    {"Señor Lounge", TEAL, 450, 2, SIMVENUE_GA, SIMVENUE_LOUNGE},
    {"Standing Room", GREEN, 70, 4, SIMVENUE_SRO, SIMVENUE_STANDING},
};
static const struct simvenue_run arena_runs[] = {
    {0, "Floor ", 1, 6},      {1, "Section ", 101, 22},  {2, "Club ", 1, 14},
    {3, "Section ", 301, 32}, {4, "Señor Lounge", 0, 1}, {5, "SRO", 1, 4},
};

static const struct simvenue_zone forum_zones[] = {
    {"Parterre É", RED, 310, 16, SIMVENUE_LETTERS, SIMVENUE_SEATS},
    {"Rouges", ROSE, 220, 30, SIMVENUE_LETTERS, SIMVENUE_SEATS},
    {"Salon Élite", SAND, 360, 5, SIMVENUE_LETTERS, SIMVENUE_CLUB},
    {"Blancs", BLUE, 120, 22, SIMVENUE_LETTERS, SIMVENUE_SEATS},
    {"Bleus", VIOLET, 75, 26, SIMVENUE_LETTERS, SIMVENUE_SEATS},
    {"Mobilité réduite", GREEN, 120, 0, SIMVENUE_LETTERS, SIMVENUE_SEATS},
    {"Loges", TEAL, 520, 1, SIMVENUE_SUITE, SIMVENUE_SUITES},
};
static const struct simvenue_run forum_runs[] = {
    {0, "Parterre É", 1, 8}, {1, "Rouge ", 101, 24}, {2, "Salon Élite", 0, 1},
    {3, "Blanc ", 201, 18},  {4, "Bleu ", 301, 36},  {5, "Mobilité ", 1, 4},
    {6, "Loges", 0, 1},
};

static const struct simvenue_zone theatre_zones[] = {
    {"Orchestra", RED, 190, 38, SIMVENUE_LETTERS, SIMVENUE_SEATS},
    {"Premium Orchestra", SAND, 320, 8, SIMVENUE_LETTERS, SIMVENUE_CLUB},
    {"Mezzanine", ROSE, 140, 30, SIMVENUE_LETTERS, SIMVENUE_SEATS},
    {"Balcony", BLUE, 80, 20, SIMVENUE_LETTERS, SIMVENUE_SEATS},
    {"Boxes", TEAL, 240, 4, SIMVENUE_NUMBERS, SIMVENUE_SEATS},
};
static const struct simvenue_run theatre_runs[] = {
    {0, "Orchestra Left ", 1, 6},
    {0, "Orchestra Center ", 1, 6},
    {0, "Orchestra Right ", 1, 6},
    {1, "Premium Orchestra", 0, 1},
    {2, "Mezzanine ", 1, 14},
    {3, "Balcony ", 1, 14},
    {4, "Box ", 1, 20},
};

static const struct simvenue_zone lawn_zones[] = {
    {"Pit", RED, 240, 8, SIMVENUE_GA, SIMVENUE_STANDING},
    {"Reserved Lower", ROSE, 170, 32, SIMVENUE_NUMBERS, SIMVENUE_SEATS},
    {"Reserved Upper", BLUE, 115, 28, SIMVENUE_NUMBERS, SIMVENUE_SEATS},
    {"Box Seats", SAND, 260, 8, SIMVENUE_NUMBERS, SIMVENUE_CLUB},
    {"Terrace", VIOLET, 90, 12, SIMVENUE_LETTERS, SIMVENUE_SEATS},
    {"Lawn", GREEN, 45, 12, SIMVENUE_GA, SIMVENUE_STANDING},
};
static const struct simvenue_run lawn_runs[] = {
    {0, "Pit GA", 0, 1}, {1, "Section ", 101, 14}, {2, "Section ", 201, 20},
    {3, "Box ", 1, 16},  {4, "Terrace ", 1, 12},   {5, "Lawn", 0, 1},
};

static const struct simvenue_zone ballpark_zones[] = {
    {"Dugout Club", SAND, 300, 5, SIMVENUE_NUMBERS, SIMVENUE_CLUB},
    {"Field Box", RED, 150, 24, SIMVENUE_NUMBERS, SIMVENUE_SEATS},
    {"Loge", ROSE, 95, 20, SIMVENUE_LETTERS, SIMVENUE_SEATS},
    {"Bleachers", GREEN, 40, 14, SIMVENUE_NUMBERS, SIMVENUE_SEATS},
    {"Upper Box", BLUE, 48, 20, SIMVENUE_NUMBERS, SIMVENUE_SEATS},
    {"Upper Reserved", VIOLET, 30, 14, SIMVENUE_NUMBERS, SIMVENUE_SEATS},
    {"Wheelchair", NONE, 60, 0, SIMVENUE_NUMBERS, SIMVENUE_SEATS},
    {"Party Deck", TEAL, 120, 2, SIMVENUE_SRO, SIMVENUE_LOUNGE},
    {"Suites", TEAL, 260, 1, SIMVENUE_SUITE, SIMVENUE_SUITES},
};
static const struct simvenue_run ballpark_runs[] = {
    {0, "Dugout Club ", 1, 8}, {1, "Field Box ", 9, 28},      {2, "Loge Box ", 101, 32},
    {3, "Bleachers ", 40, 6},  {4, "Upper Box ", 301, 26},    {5, "Upper Reserved ", 331, 22},
    {6, "Wheelchair ", 1, 3},  {7, "Bird's Nest Deck", 0, 1}, {8, "Suites", 0, 1},
};

static const struct simvenue_zone parking_zones[] = {
    {"Parking Lots", GREEN, 40, 3, SIMVENUE_GA, SIMVENUE_LOTS},
    {"Garages", BLUE, 55, 1, SIMVENUE_GA, SIMVENUE_LOTS},
};
static const struct simvenue_run parking_runs[] = {
    {0, "Lot ", 1, 8},
    {1, "Garage ", 1, 3},
};

#define LAYOUT(name)                                                                               \
    {                                                                                              \
        name##_zones, name##_runs, LENGTH(name##_zones), LENGTH(name##_runs)                       \
    }
static const struct simvenue_layout stadium = LAYOUT(stadium), arena = LAYOUT(arena),
                                    forum = LAYOUT(forum), theatre = LAYOUT(theatre),
                                    lawn = LAYOUT(lawn), ballpark = LAYOUT(ballpark),
                                    parking = LAYOUT(parking);

static const struct simvenue venues[] = {
    {25873, "Silver State Stadium", "3300 Desert Way", "Las Vegas", "NV", "89118", "US",
     "America/Los_Angeles", "US/Pacific", 65000, &stadium},
    {9847, "Crossroads Fieldhouse", "125 South Canal Street", "Indianapolis", "IN", "46204", "US",
     "America/Indiana/Indianapolis", "America/Indiana/Indianapolis", 17900, &arena},
    {1204, "Centre Belle-Rivière", "1909 avenue du Fleuve", "Montréal", "QC", "H3B 5E8", "CA",
     "America/Toronto", "America/Toronto", 21100, &forum},
    {330, "Harbor Light Theatre", "270 Tremont Row", "Boston", "MA", "02116", "US",
     "America/New_York", "US/Eastern", 3600, &theatre},
    {4410, "Front Range Amphitheatre", "18300 Alameda Parkway", "Denver", "CO", "80465", "US",
     "America/Denver", "US/Mountain", 9500, &lawn},
    {1771, "Lakeshore Park", "1060 West Addison Row", "Chicago", "IL", "60613", "US",
     "America/Chicago", "America/Chicago", 41600, &ballpark},
    {6120, "Coliseo del Señorío", "500 Avenida Arterial", "San Juan", "PR", "00918", "US",
     "America/Puerto_Rico", "America/Puerto_Rico", 18500, &arena},
    {2087, "Copper Sky Stadium", "1 Cardinal Row", "Phoenix", "AZ", "85305", "US",
     "America/Phoenix", "US/Arizona", 63400, &stadium},
    {872, "The Orpheum on Eighth", "842 Eighth Avenue", "New York", "NY", "10019", "US",
     "America/New_York", "America/New_York", 1900, &theatre},
    {5533, "Puget Sound Arena", "305 Harrison Row", "Seattle", "WA", "98109", "US",
     "America/Los_Angeles", "America/Los_Angeles", 18300, &arena},
};

static const struct simvenue_genre pop = {2, 32, "Concerts", "Pop", "Pop"},
                                   rock = {2, 33, "Concerts", "Rock", "Rock"},
                                   latin = {2, 36, "Concerts", "Latin", "Latin"},
                                   basketball = {3, 3, "Sports", "NBA Basketball", "Basketball"},
                                   baseball = {3, 1, "Sports", "MLB Baseball", "Baseball"},
                                   hockey = {3, 4, "Sports", "NHL Hockey", "Hockey"},
                                   soccer = {3, 9, "Sports", "Soccer", "Soccer"},
                                   musical = {4, 51, "Theater", "Musical", "Broadway"},
                                   play = {4, 52, "Theater", "Play", "Broadway"},
                                   comedy = {4, 60, "Theater", "Comedy", "Comedy"};

static const struct simvenue_performer hollow = {24388, "Ruby Hollow", "ruby-hollow"},
                                       gulls = {105, "Harbor City Gulls", "harbor-city-gulls"},
                                       comets = {369, "Indiana Comets", "indiana-comets"},
                                       nord = {8101, "Les Étoiles du Nord", "etoiles-du-nord"},
                                       lamp = {7001, "The Lamplighter's Daughter", "lamplighter"},
                                       statics = {5120, "Northern Static", "northern-static"},
                                       julia = {5121, "Júlia Señorita", "julia-senorita"},
                                       larks = {210, "Queens City Larks", "queens-city-larks"},
                                       herons = {211, "Lakeshore Herons", "lakeshore-herons"},
                                       chispa = {9120, "Chispa", "chispa"},
                                       cup = {640, "Copper State Cup", "copper-state-cup"},
                                       trieste = {7040, "Midnight in Trieste", "midnight-trieste"},
                                       vesper = {5200, "Vesper & the Tides", "vesper-the-tides"},
                                       rosie = {6650, "Rosie Quartermain", "rosie-quartermain"},
                                       aces = {411, "Silver State Aces", "silver-state-aces"},
                                       squid = {410, "Emerald Squid", "emerald-squid"};

static const struct simvenue_act acts[] = {
    {"Ruby Hollow", {&hollow}, &pop, 0, 19, 30, 150},
    {"Harbor City Gulls at Indiana Comets", {&gulls, &comets}, &basketball, 1, 19, 0, 80},
    {"Les Étoiles du Nord", {&nord}, &rock, 2, 20, 0, 95},
    {"The Lamplighter's Daughter", {&lamp}, &musical, 3, 19, 0, 110},
    {"Northern Static with Júlia Señorita", {&statics, &julia}, &rock, 4, 18, 30, 100},
    {"Queens City Larks at Lakeshore Herons", {&larks, &herons}, &baseball, 5, 13, 20, 70},
    {"Chispa: La Última Gira", {&chispa}, &latin, 6, 20, 0, 130},
    {"Copper State Cup Final", {&cup}, &soccer, 7, 17, 0, 220},
    {"Midnight in Trieste", {&trieste}, &play, 8, 20, 0, 90},
    {"Vesper & the Tides", {&vesper}, &rock, 9, 19, 30, 85},
    {"Rosie Quartermain: Small Talk", {&rosie}, &comedy, 8, 20, 0, 60},
    {"Silver State Aces at Emerald Squid", {&aces, &squid}, &hockey, 9, 19, 0, 90},
};

int simvenue_count(void)
{
    return LENGTH(venues);
}

int simvenue_act_count(void)
{
    return LENGTH(acts);
}

const struct simvenue *simvenue_at(int index)
{
    if (index < 0 || index >= LENGTH(venues))
        BUG("venue %d of %d", index, LENGTH(venues));
    return &venues[index];
}

const struct simvenue_act *simvenue_act_at(int index)
{
    if (index < 0 || index >= LENGTH(acts))
        BUG("act %d of %d", index, LENGTH(acts));
    return &acts[index];
}

const struct simvenue_layout *simvenue_parking(void)
{
    return &parking;
}
