// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples;

import dev.cumulane.examples.MarkdownPage.JavaBlock;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.testing.PipelineTester;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs the blocks of a page: pieces of methods are called, pipelines are defined, checked and planned, tests are executed. */
final class PageRunner {
    private final PageCompiler.Compiled page;

    PageRunner(PageCompiler.Compiled page) {
        this.page = page;
    }

    /**
     * Runs a block.
     *
     * @throws AssertionError if it fails, naming the page and the line
     */
    void run(JavaBlock block) {
        try {
            for (String name : page.types().getOrDefault(block, List.of())) {
                run(Class.forName(name, true, page.classes()));
            }
        } catch (InvocationTargetException e) {
            throw new AssertionError(
                    block.page() + ":" + block.line() + ": the block fails: " + e.getCause(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(block.page() + ":" + block.line() + ": the block cannot be run", e);
        }
    }

    private static void run(Class<?> type) throws ReflectiveOperationException {
        List<Method> methods = Arrays.stream(type.getDeclaredMethods())
                .filter(method -> method.getParameterCount() == 0)
                .sorted(Comparator.comparing(Method::getName))
                .toList();
        for (Method method : methods) {
            method.setAccessible(true);
            if (method.isAnnotationPresent(Test.class)) {
                method.invoke(instance(type));
            } else if (Modifier.isStatic(method.getModifiers()) && method.getReturnType() == Pipeline.class) {
                Pipeline pipeline = (Pipeline) method.invoke(null);
                PipelineTester.of(pipeline);
            } else if (Modifier.isStatic(method.getModifiers())
                    && method.getName().equals("run")) {
                method.invoke(null);
            }
        }
    }

    /** A new instance of a test class. */
    static Object instance(Class<?> type) throws ReflectiveOperationException {
        Constructor<?> constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        return constructor.newInstance();
    }
}
