"""Cities no zone is named after, and which zones matter where; read by wording/places.py."""

# Zone -> cities in it; "City=Region" where the country alone does not tell which one it is.
CITIES = {
    "Africa/Cairo": "Alexandria, Giza",
    "Africa/Casablanca": "Marrakesh, Marrakech, Rabat, Fes, Tangier",
    "Africa/Johannesburg": "Cape Town, Durban, Pretoria, Soweto",
    "Africa/Lagos": "Abuja, Kano, Ibadan",
    "Africa/Nairobi": "Mombasa",
    "America/Argentina/Buenos_Aires": "La Plata, Rosario, Mar del Plata",
    "America/Argentina/Cordoba": "Córdoba=Argentina",
    "America/Bogota": "Medellín, Cali, Cartagena=Colombia, Barranquilla",
    "America/Chicago": (
        "Houston, Dallas, Austin, San Antonio, Fort Worth, Minneapolis, Saint Louis, St Louis, "
        "New Orleans, Milwaukee, Nashville, Memphis, Kansas City, Oklahoma City, "
        "Springfield=Illinois, Birmingham=Alabama, Texas, Illinois, Minnesota, Louisiana, "
        "Paris=Texas, Columbia=Missouri"
    ),
    "America/Denver": "Salt Lake City, Albuquerque, Boulder, Colorado, Utah, Aurora",
    "America/Edmonton": "Calgary, Alberta",
    "America/Guayaquil": "Quito, Cuenca",
    "America/Halifax": "Nova Scotia",
    "America/Indiana/Indianapolis": "Indiana",
    "America/Lima": "Arequipa, Cusco",
    "America/Los_Angeles": (
        "San Francisco, San Diego, San Jose=California, Seattle, Portland=Oregon, Las Vegas, "
        "Sacramento, Oakland, California, Washington=West Coast, Oregon, Nevada, "
        "Vancouver=Washington, Silicon Valley"
    ),
    "America/Mexico_City": (
        "Ciudad de México, CDMX, Guadalajara, Puebla, Querétaro, León=Mexico, Mérida=Mexico"
    ),
    "America/New_York": (
        "NYC, Brooklyn, Manhattan, Boston, Philadelphia, Washington=D.C., Washington DC, Miami, "
        "Atlanta, Orlando, Tampa, Baltimore, Pittsburgh, Cleveland, Columbus, Cincinnati, "
        "Charlotte, Raleigh, Buffalo, Jacksonville, Springfield=Massachusetts, "
        "Portland=Maine, Cambridge=Massachusetts, Florida, Georgia=United States, Massachusetts, "
        "Pennsylvania, Ohio, Virginia, New Jersey, Columbia=South Carolina, Athens=Georgia"
    ),
    "America/Phoenix": "Tucson, Arizona, Mesa",
    "America/Puerto_Rico": "San Juan=Puerto Rico",
    "America/Recife": "Olinda",
    "America/Santiago": "Valparaíso, Concepción",
    "America/Costa_Rica": "San José=Costa Rica",
    "America/Sao_Paulo": (
        "Brasil, Rio de Janeiro, Rio, Brasília, "
        "Belo Horizonte, Curitiba, Porto Alegre, Florianópolis, "
        "Campinas"
    ),
    "America/Bahia": "Salvador=Bahia",
    "America/El_Salvador": "San Salvador",
    "America/Toronto": "Montreal, Montréal, Ottawa, Quebec, Hamilton, Ontario, London=Ontario",
    "America/Vancouver": "Victoria=British Columbia, British Columbia",
    "America/Caracas": "Maracaibo, Valencia=Venezuela",
    "Asia/Almaty": "Astana, Nur-Sultan",
    "Asia/Bangkok": "Chiang Mai, Phuket",
    "Asia/Dubai": "Abu Dhabi, Sharjah",
    "Asia/Ho_Chi_Minh": "Hanoi, Saigon, Da Nang",
    "Asia/Jakarta": "Bandung, Surabaya",
    "Asia/Jerusalem": "Tel Aviv, Haifa",
    "Asia/Karachi": "Lahore, Islamabad, Rawalpindi, Hyderabad=Pakistan",
    "Asia/Kolkata": (
        "Calcutta, Mumbai, Bombay, Delhi, New Delhi, "
        "Bangalore, Bengaluru, Chennai, Hyderabad=India, Pune, "
        "Ahmedabad, Jaipur, Goa, Kochi"
    ),
    "Asia/Makassar": "Bali, Denpasar",
    "Asia/Manila": "Quezon City, Cebu, Davao",
    "Asia/Riyadh": "Jeddah, Mecca, Medina",
    "Asia/Seoul": "Busan, Incheon",
    "Asia/Shanghai": "Beijing, Shenzhen, Guangzhou, Chengdu, Hangzhou, Wuhan",
    "Asia/Taipei": "Kaohsiung",
    "Asia/Tbilisi": "Batumi",
    "Asia/Tokyo": "Osaka, Kyoto, Yokohama, Nagoya, Sapporo, Fukuoka, Kobe",
    "Asia/Yekaterinburg": "Ekaterinburg, Chelyabinsk, Perm, Ufa",
    "Atlantic/Canary": "Las Palmas, Tenerife, Gran Canaria",
    "Atlantic/Madeira": "Funchal",
    "Atlantic/Azores": "Ponta Delgada",
    "Australia/Brisbane": "Gold Coast, Queensland, Cairns",
    "Australia/Melbourne": "Geelong, Victoria=Australia",
    "Australia/Perth": "Fremantle",
    "Australia/Sydney": "Canberra, Newcastle=Australia, New South Wales",
    "Europe/Amsterdam": "Rotterdam, The Hague, Den Haag, Utrecht, Eindhoven, Groningen, Holland",
    "Europe/Athens": "Thessaloniki, Patras, Crete, Heraklion",
    "Europe/Belgrade": "Novi Sad",
    "Europe/Berlin": (
        "Deutschland, Munich, München, Hamburg, Cologne, "
        "Köln, Frankfurt, Stuttgart, Düsseldorf, Leipzig, "
        "Dresden, Hannover, Nuremberg, Nürnberg, Bremen, Bonn, Freiburg, Heidelberg, Essen, "
        "Dortmund"
    ),
    "Europe/Brussels": "Bruxelles, Antwerp, Ghent, Bruges, Liège, Leuven",
    "Europe/Bucharest": "Cluj, Cluj-Napoca, Timișoara, Iași, Brașov",
    "Europe/Copenhagen": "København, Aarhus, Odense",
    "Europe/Dublin": "Cork, Galway, Limerick",
    "Europe/Helsinki": "Tampere, Turku, Espoo",
    "Europe/Istanbul": "Ankara, Izmir, Antalya",
    "Europe/Kyiv": "Kiev, Lviv, Odesa, Odessa, Kharkiv, Dnipro",
    "Europe/Lisbon": (
        "Lisboa, Porto, Oporto, Braga, Coimbra, Faro, Setúbal, Aveiro, Cascais, Sintra"
    ),
    "Europe/London": (
        "Manchester, Birmingham=England, Liverpool, Leeds, Bristol, Edinburgh, Glasgow, Cardiff, "
        "Belfast, Oxford, Cambridge=England, Newcastle=England, Sheffield, Brighton, "
        "Nottingham, Scotland, Wales, England, UK, Great Britain"
    ),
    "Europe/Madrid": (
        "España, Barcelona, Valencia=Spain, Seville, Sevilla, Málaga, Bilbao, Granada, Zaragoza, "
        "Palma, Mallorca, Córdoba=Spain, Salamanca, San Sebastián, Cartagena=Spain, León=Spain"
    ),
    "Europe/Minsk": "Brest=Belarus, Grodno",
    "Europe/Moscow": "Moskva, Saint Petersburg, St Petersburg, Kazan, Sochi, Nizhny Novgorod",
    "Europe/Oslo": "Bergen, Trondheim, Stavanger",
    "Europe/Paris": (
        "Lyon, Marseille, Toulouse, Nice, Bordeaux, Nantes, Lille, Strasbourg, Montpellier, "
        "Rennes, Grenoble, Brest=France, Cannes"
    ),
    "Europe/Prague": "Praha, Brno, Ostrava",
    "Europe/Riga": "Jūrmala",
    "Europe/Rome": (
        "Roma, Milan, Milano, Naples, Napoli, Turin, Torino, Florence, Firenze, Venice, Venezia, "
        "Bologna, Palermo, Genoa, Verona, Sicily, Sardinia"
    ),
    "Europe/Sofia": "Plovdiv, Varna",
    "Europe/Stockholm": "Gothenburg, Göteborg, Malmö, Uppsala",
    "Europe/Vienna": "Wien, Graz, Salzburg, Innsbruck, Linz",
    "Europe/Warsaw": "Warszawa, Kraków, Wrocław, Gdańsk, Poznań, Łódź, Lublin, Katowice",
    "Europe/Zagreb": "Split, Dubrovnik, Rijeka",
    "Europe/Zurich": "Geneva, Genève, Basel, Bern, Lausanne, Lugano",
    "Europe/Tallinn": "Tartu",
    "Europe/Vilnius": "Kaunas",
    "Pacific/Auckland": "Wellington, Christchurch, Queenstown, Hamilton=New Zealand",
    "Pacific/Honolulu": "Hawaii, Maui",
}

# The zones most people of a country with several live by, the most populous first.
MAIN_ZONES = {
    "AR": ("America/Argentina/Buenos_Aires",),
    "AU": ("Australia/Sydney", "Australia/Brisbane", "Australia/Adelaide", "Australia/Perth"),
    "BR": ("America/Sao_Paulo", "America/Manaus", "America/Rio_Branco", "America/Noronha"),
    "CA": (
        "America/Toronto",
        "America/Vancouver",
        "America/Edmonton",
        "America/Winnipeg",
        "America/Halifax",
        "America/St_Johns",
    ),
    "CL": ("America/Santiago", "Pacific/Easter"),
    "CN": ("Asia/Shanghai",),
    "CY": ("Asia/Nicosia",),
    "DE": ("Europe/Berlin",),
    "EC": ("America/Guayaquil",),
    "ES": ("Europe/Madrid", "Atlantic/Canary"),
    "GB": ("Europe/London",),
    "ID": ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"),
    "KZ": ("Asia/Almaty",),
    "MN": ("Asia/Ulaanbaatar",),
    "MX": ("America/Mexico_City", "America/Tijuana", "America/Hermosillo", "America/Cancun"),
    "MY": ("Asia/Kuala_Lumpur",),
    "NZ": ("Pacific/Auckland",),
    "PT": ("Europe/Lisbon", "Atlantic/Azores"),
    "RU": (
        "Europe/Moscow",
        "Asia/Yekaterinburg",
        "Asia/Novosibirsk",
        "Asia/Krasnoyarsk",
        "Asia/Vladivostok",
        "Europe/Kaliningrad",
    ),
    "UA": ("Europe/Kyiv",),
    "US": (
        "America/New_York",
        "America/Chicago",
        "America/Denver",
        "America/Los_Angeles",
        "America/Anchorage",
        "Pacific/Honolulu",
    ),
    "UZ": ("Asia/Tashkent",),
}

COUNTRY_ALIASES = {"usa": "US", "us": "US", "america": "US", "uk": "GB", "uae": "AE"}

# Where speakers of an app language most likely live; a country in the locale goes first.
BY_LANGUAGE = {
    "ar": ("Asia/Riyadh", "Africa/Cairo", "Asia/Dubai"),
    "be": ("Europe/Minsk",),
    "cs": ("Europe/Prague",),
    "de": ("Europe/Berlin",),
    "en": ("Europe/London", "America/New_York", "America/Los_Angeles", "Asia/Kolkata"),
    "es": ("Europe/Madrid", "America/Mexico_City", "America/Argentina/Buenos_Aires"),
    "fa": ("Asia/Tehran",),
    "fr": ("Europe/Paris", "America/Toronto"),
    "he": ("Asia/Jerusalem",),
    "hi": ("Asia/Kolkata",),
    "id": ("Asia/Jakarta",),
    "it": ("Europe/Rome",),
    "ja": ("Asia/Tokyo",),
    "kk": ("Asia/Almaty",),
    "ko": ("Asia/Seoul",),
    "nl": ("Europe/Amsterdam",),
    "pl": ("Europe/Warsaw",),
    "pt": ("Europe/Lisbon", "America/Sao_Paulo"),
    "ru": ("Europe/Moscow", "Asia/Almaty", "Asia/Yekaterinburg"),
    "sv": ("Europe/Stockholm",),
    "tr": ("Europe/Istanbul",),
    "uk": ("Europe/Kyiv",),
    "uz": ("Asia/Tashkent",),
    "zh": ("Asia/Shanghai", "Asia/Singapore"),
}

# Asked when a clock's time was typed, and to fill up guesses.
WORLD = (
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "America/Los_Angeles",
    "America/Chicago",
    "America/Denver",
    "America/Sao_Paulo",
    "America/Halifax",
    "America/St_Johns",
    "America/Bogota",
    "America/Phoenix",
    "America/Anchorage",
    "Pacific/Honolulu",
    "Atlantic/Azores",
    "Africa/Lagos",
    "Europe/Athens",
    "Africa/Johannesburg",
    "Europe/Moscow",
    "Europe/Istanbul",
    "Asia/Tehran",
    "Asia/Dubai",
    "Asia/Kabul",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Dhaka",
    "Asia/Yangon",
    "Asia/Bangkok",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Adelaide",
    "Australia/Brisbane",
    "Australia/Sydney",
    "Asia/Vladivostok",
    "Pacific/Auckland",
    "Pacific/Tongatapu",
    "Asia/Novosibirsk",
    "Asia/Yekaterinburg",
)
