import type { JwksProperties } from './request.ts'

/** Why an update may not drop the generations that it drops; undefined where it may, or drops none. */
export function refuseDropped(before: JwksProperties, after: JwksProperties): string | undefined {
  if (after.Protect !== 'true') return undefined
  const dropped = before.KeyArns.filter((keyArn) => !after.KeyArns.includes(keyArn))
  const nameOf = (keyArn: string): string => before.Generations[before.KeyArns.indexOf(keyArn)] ?? keyArn
  if (dropped.includes(before.SigningKeyArn)) {
    const name = nameOf(before.SigningKeyArn)
    return `Generation ${name} signs tokens and cannot be dropped: keep it in generations and let another one sign first.`
  }
  const unnamed = dropped.map(nameOf).filter((name) => !after.Retire.includes(name))
  if (unnamed.length === 0) return undefined
  return `This deployment would end all tokens of generation ${unnamed.join(', ')}: keep it in generations, or name it in retire.`
}
