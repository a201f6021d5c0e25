/**
 * Names of zones as IANA's zone.tab writes them today (version 2025b), by the older spelling under which CLDR, and so `Intl` in most
 * browsers, lists the same zone. `zoneNames.test.ts` makes the table again from the zone.tab of the machine.
 */
const RENAMED: Readonly<Record<string, string>> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Catamarca': 'America/Argentina/Catamarca',
  'America/Coral_Harbour': 'America/Atikokan',
  'America/Cordoba': 'America/Argentina/Cordoba',
  'America/Godthab': 'America/Nuuk',
  'America/Indianapolis': 'America/Indiana/Indianapolis',
  'America/Jujuy': 'America/Argentina/Jujuy',
  'America/Louisville': 'America/Kentucky/Louisville',
  'America/Mendoza': 'America/Argentina/Mendoza',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
};

const FORMER = new Map(Object.entries(RENAMED).map(([former, current]) => [current, former]));

/** The name a zone has today: "Asia/Katmandu" and "Asia/Kathmandu" are both "Asia/Kathmandu". */
export function currentZoneName(zone: string): string {
  return RENAMED[zone] ?? zone;
}

/**
 * Zones whose present or former name holds the words, by their present names and each once.
 * @param listed what the platform lists, in the order to keep
 * @param isZone whether a name is a zone: older names that nobody lists (US/Pacific, Asia/Dacca) are found by their full name
 */
export function findZones(
  listed: readonly string[],
  typed: string,
  isZone: (name: string) => boolean,
): string[] {
  const wanted = typed.trim().toLowerCase().replaceAll(/\s+/g, '_');
  const names = [...new Set(listed.map(currentZoneName))];
  const found = names.filter((name) =>
    [name, FORMER.get(name) ?? ''].some((each) => each.toLowerCase().includes(wanted)),
  );
  if (found.length > 0 || wanted === '') return found;
  const city = capitalized(wanted);
  const areas = [...new Set(names.flatMap((name) => name.split('/').slice(0, -1).join('/') || []))];
  return [city, ...areas.map((area) => `${area}/${city}`)].filter(
    (name) => name.includes('/') && isZone(name),
  );
}

function capitalized(text: string): string {
  return text.replaceAll(
    /(^|[/_-])([a-z])/g,
    (_, before: string, letter: string) => before + letter.toUpperCase(),
  );
}
