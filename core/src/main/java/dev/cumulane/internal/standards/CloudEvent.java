// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.standards;

/**
 * One CloudEvents 1.0 event in its JSON format, structured mode.
 *
 * @param id its id, the same whenever the record that it tells of is told
 * @param type its type
 * @param json the event, in UTF-8
 */
public record CloudEvent(String id, String type, byte[] json) {}
