// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

/** What a value is, however it is written: every value has a text. */
public enum ValueKind {
    /** Any text without NUL. */
    TEXT,
    /** A decimal number, such as {@code -12} or {@code 87.5}: at most 18 digits, and nine behind the point. */
    NUMBER,
    /** {@code true} or {@code false}. */
    FLAG,
    /** Texts, none of them empty, one a line. */
    LIST
}
