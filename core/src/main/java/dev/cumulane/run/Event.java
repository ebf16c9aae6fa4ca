// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.run;

/** Something that happened: in a source repository, or in a run. */
public sealed interface Event permits SourceEvent, RunEvent {}
