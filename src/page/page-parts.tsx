/** The parts that screens of a project are made of. Those screens are separate scripts, so they get the parts as an argument. */
import htm from 'htm/mini';
import { Fragment, h } from 'preact';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { ask, withQuery } from './frame/api.ts';
import { Sparkline, TimeChart } from './frame/charts.tsx';
import { useFrame, useLive, useMayWrite } from './frame/context.ts';
import { Command, Confirmed, Empty, Figure, HealthMark, Problem, Right, Table, Waiting } from './frame/parts.tsx';
import { hashOf } from './frame/place.ts';
import { countOf, formatBytes, formatCount, formatInstant, formatSeconds, shellWord, textOf } from './frame/text.ts';
import { useAction, useAnswer } from './frame/use-answer.ts';

export const pageParts = {
  html: htm.bind(h),
  h,
  Fragment,
  ...{ useCallback, useEffect, useMemo, useRef, useState },
  ...{ ask, withQuery, useAction, useAnswer },
  ...{ useFrame, useLive, useMayWrite },
  ...{ Command, Confirmed, Empty, Figure, HealthMark, Problem, Right, Sparkline, Table, TimeChart, Waiting },
  ...{ countOf, formatBytes, formatCount, formatInstant, formatSeconds, hashOf, shellWord, textOf },
};
