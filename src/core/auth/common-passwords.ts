/**
 * Passwords that every guessing tool tries first, of those that are long enough to be accepted otherwise; lower case.
 * Shorter ones are refused for their length.
 */
const COMMON: ReadonlySet<string> = new Set(
  `0123456789 1234567890 12345678910 0987654321 9876543210 123456789a 123456789q 1234512345 1122334455 1q2w3e4r5t
  1qaz2wsx3edc 1q2w3e4r5t6y q1w2e3r4t5 q1w2e3r4t5y6 zaq12wsxcde3 qwertyuiop qwertyuiop123 qwerty12345 qwerty123456
  qwertyqwerty asdfghjkl123 asdfghjkl1 abcdefghij abcdefghijk abcdef123456 abcd123456 abc1234567 password01 password10
  password12 password123 password1234 password12345 passwordpassword passw0rd123 p@ssw0rd123 p@ssword123 passwort123
  administrator administrador admin12345 admin123456 adminadmin adminpassword rootrootroot rootpassword letmein123
  letmein1234 letmeinletmein welcome123 welcome1234 changeme123 changeme1234 changemechangeme changeit123 default123
  defaultpassword iloveyou12 iloveyou123 iloveyou1234 trustno1trustno1 sunshine123 princess123 football123 baseball123
  monkey12345 dragon12345 superman123 master12345 michael123 charlie123 computer123 internet123 whatever123 starwars123
  secret12345 secretpassword mypassword mypassword1 mypassword123 thepassword testtesttest test123456 testpassword
  guest12345 user123456 login12345 correcthorsebatterystaple aikoreaikore aikore1234 aikore12345 aikore123456
  aikorepassword aikoreadmin comfyui123 comfyuicomfyui stablediffusion automatic1111`.split(/\s+/),
);

const MIN_DISTINCT_CHARACTERS = 4;

/** Whether a password is among the first that anybody would try. */
export function isCommonPassword(password: string): boolean {
  const text = password.toLowerCase();
  return COMMON.has(text) || new Set(text).size < MIN_DISTINCT_CHARACTERS;
}
