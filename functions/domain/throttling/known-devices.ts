import type { Clock } from '../clock.ts'
import { randomSecret, sha256 } from '../secret.ts'

/** A device that its owner let this service remember: a hash of its token, and the subject that it is known for. */
type Device = { readonly hash: string; readonly sub: string }

/** `epoch` is the account's at the log-in that remembered the device. */
type NewDevice = Device & { readonly epoch: number }

/** Where known devices are kept. Each change is one conditional write. */
export type DeviceStore = {
  /** `expiresAt` is a NumericDate. */
  readonly putNewDevice: (device: NewDevice, expiresAt: number) => Promise<void>
  /**
   * Counts an attempt as a failure of the device, and returns the epoch in which it was remembered. Undefined, and nothing
   * counted, where the subject has no such device. One that already has `max` failures is deleted.
   */
  readonly countOnDevice: (device: Device, now: number, max: number) => Promise<number | undefined>
  /** The epoch in which the device was remembered. Undefined where the subject has no such device. */
  readonly findDevice: (device: Device, now: number) => Promise<number | undefined>
  /** Forgets the failures of the device and moves its expiry there. False where the device is gone. */
  readonly clearDevice: (device: Device, expiresAt: number | undefined) => Promise<boolean>
  /** Deletes the device if it was remembered before this epoch. */
  readonly deleteOldDevice: (device: Device, epoch: number) => Promise<void>
}

/**
 * Devices from which an account was opened before. Their attempts are counted on the device and not on the account, so
 * that strangers who guess cannot lock the owner out (OWASP, "device cookies"). What ends all sessions of the account,
 * such as a new password, raises its epoch and so makes all its devices unknown.
 */
export type KnownDevices = {
  /**
   * The epoch in which the device was remembered, where the subject has it and the attempt was counted on it. The device
   * is known only if this is still the epoch of the account.
   */
  readonly reserve: (token: string, sub: string) => Promise<number | undefined>
  /** Forgets the device if it was remembered before this epoch. */
  readonly forget: (token: string, sub: string, epoch: number) => Promise<void>
  /**
   * After a complete log-in: forgets the failures of the device of this hash. `remember` makes the device known for another 180 days. False where
   * wrong passwords have made it unknown in the meantime.
   */
  readonly clear: (hash: string, sub: string, remember: boolean) => Promise<boolean>
  /** The token of a new device. `epoch` is the one that was read before the password was checked. */
  readonly add: (sub: string, epoch: number) => Promise<string>
}

type Dependencies = {
  readonly devices: DeviceStore
  readonly randomBytes: (count: number) => Uint8Array
  readonly clock: Clock
}

/** For how many seconds a device is known after the last log-in that asked for it. */
export const deviceLifetime = 180 * 86_400
const maxFailures = 10

export function createKnownDevices({ devices, randomBytes, clock }: Dependencies): KnownDevices {
  const deviceOf = (token: string, sub: string): Device => ({ hash: hashOfDevice(token), sub })
  const expiry = () => Math.floor(clock()) + deviceLifetime
  return {
    reserve: (token, sub) => devices.countOnDevice(deviceOf(token, sub), Math.floor(clock()), maxFailures),
    forget: (token, sub, epoch) => devices.deleteOldDevice(deviceOf(token, sub), epoch),
    clear: (hash, sub, remember) => devices.clearDevice({ hash, sub }, remember ? expiry() : undefined),
    add: async (sub, epoch) => {
      const token = randomSecret(randomBytes)
      await devices.putNewDevice({ ...deviceOf(token, sub), epoch }, expiry())
      return token
    },
  }
}

// A token has 256 random bits, so a fast hash without salt is enough.
export const hashOfDevice = (token: string): string => sha256(token)
