// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

/** Something that a stage can be told to read: {@code p.source()}, an artifact of another stage, or those of a group. */
// The name is short for the reader of a pipeline; java.lang.Readable is never met there.
@SuppressWarnings({"JavaLangClash", "AvoidCommonTypeNames"})
public sealed interface Readable permits SourceHandle, ArtifactHandle, CollectedHandle {}
