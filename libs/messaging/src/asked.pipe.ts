import { Injectable, type PipeTransform } from '@nestjs/common';
import type { Subject } from '#libs/contracts';
import { type Asked, openEnvelope } from './envelope.js';

@Injectable()
class AskedPipe<S extends Subject> implements PipeTransform<unknown, Asked<S>> {
  constructor(private readonly subject: S) {}

  transform(payload: unknown): Asked<S> {
    return openEnvelope(this.subject, payload);
  }
}

/** `@Payload(asked(subjects.x))`: the checked question of that subject. */
export const asked = <S extends Subject>(subject: S): PipeTransform<unknown, Asked<S>> =>
  new AskedPipe(subject);
