/**
 * List prices in us-east-1, US dollars, without any free tier, as known on 2026-11-23. There was no price list at hand to
 * check them against: look at https://aws.amazon.com/pricing before you count on one. Other regions differ by up to 60 %.
 */
export const prices = {
  // The first 300 million a month; 0.90 after.
  httpApiMillion: 1,
  lambdaMillion: 0.2,
  // On arm64.
  lambdaGigabyteSecond: 0.0000133334,
  dynamoDbMillionReads: 0.125,
  dynamoDbMillionWrites: 0.625,
  dynamoDbGigabyte: 0.25,
  dynamoDbBackupGigabyte: 0.2,
  kmsKey: 1,
  kmsTenThousandSigns: { RSA_2048: 0.03, RSA_3072: 0.15 },
  kmsTenThousandDecrypts: 0.03,
  logsGigabyteIn: 0.5,
  logsGigabyteKept: 0.03,
  // Of accounts made since July 2026, and of those made before.
  sesThousandMails: { newer: 0.16, older: 0.1 },
  metric: 0.3,
  alarmMetric: 0.1,
  dashboard: 3,
} as const
