// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A plan is a value: nothing that it was made of can change it later, and a later form of it is refused. */
class PlanTest {
    private static final Plan PLAN = EverythingPipeline.pipeline().plan();

    @Test
    void noCollectionThatARecordOfThePlanWasGivenCanChangeItLater() throws ReflectiveOperationException {
        Set<String> checked = new TreeSet<>();
        keepsItsOwnCopies(PLAN, checked);

        assertThat(checked)
                .contains("Plan", "Needs", "Commands", "Code", "Push", "ChangeRequest", "Approvers", "Retry");
    }

    /** Makes the record anew of collections that can change, changes them, and looks; then the same for the records in it. */
    private static void keepsItsOwnCopies(Object value, Set<String> checked) throws ReflectiveOperationException {
        if (value instanceof Record record) {
            RecordComponent[] components = record.getClass().getRecordComponents();
            Object[] given = new Object[components.length];
            List<Runnable> changes = new ArrayList<>();
            for (int i = 0; i < components.length; i++) {
                Object held = components[i].getAccessor().invoke(record);
                given[i] = changeable(held, changes);
                keepsItsOwnCopies(held, checked);
            }
            if (!changes.isEmpty()) {
                checked.add(record.getClass().getSimpleName());
            }
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            Object same = record.getClass().getDeclaredConstructor(types).newInstance(given);
            changes.forEach(Runnable::run);
            assertThat(same).isEqualTo(record);
            for (RecordComponent component : components) {
                assertFixed(record, component);
            }
        } else if (value instanceof Collection<?> several) {
            for (Object one : several) {
                keepsItsOwnCopies(one, checked);
            }
        } else if (value instanceof Map<?, ?> map) {
            keepsItsOwnCopies(map.values(), checked);
        } else if (value instanceof Optional<?> optional && optional.isPresent()) {
            keepsItsOwnCopies(optional.get(), checked);
        }
    }

    private static Object changeable(Object held, List<Runnable> changes) {
        if (held instanceof List<?> list) {
            List<Object> copy = new ArrayList<>(list);
            changes.add(() -> copy.add("more"));
            changes.add(copy::clear);
            return copy;
        }
        if (held instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new TreeMap<>(map);
            changes.add(copy::clear);
            return copy;
        }
        return held;
    }

    private static void assertFixed(Object record, RecordComponent component) throws ReflectiveOperationException {
        Object held = component.getAccessor().invoke(record);
        if (held instanceof List<?> list) {
            assertThatThrownBy(() -> list.add(null))
                    .as("%s", component)
                    .isInstanceOf(UnsupportedOperationException.class);
        } else if (held instanceof Map<?, ?> map) {
            assertThatThrownBy(map::clear).as("%s", component).isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void itsBytesAreTheSameAgainAndAgainAndChangingThemChangesNothing() {
        byte[] bytes = PLAN.bytes();
        Digest fingerprint = PLAN.fingerprint();
        Arrays.fill(bytes, (byte) 0);

        assertThat(PLAN.bytes()).isEqualTo(EverythingPipeline.pipeline().plan().bytes());
        assertThat(PLAN.fingerprint()).isEqualTo(fingerprint).isEqualTo(Digest.of(PLAN.bytes()));
    }

    @Test
    void aPlanOfALaterOrNoFormIsRefusedWithBothForms() {
        for (String form : List.of("2", "2147483647", "0", "-1")) {
            String later = PLAN.json().replace("{\"format\":1,", "{\"format\":" + form + ",");

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Plan.parse(later.getBytes(StandardCharsets.UTF_8)))
                    .withMessageContaining("form " + form)
                    .withMessageContaining("reads form " + Plan.FORMAT);
        }
    }

    @Test
    void whatIsNoPlanIsRefused() {
        for (String text : List.of(
                "", "null", "[]", "{}", "no", PLAN.json() + "{}", PLAN.json().replace("Build", "Bild"))) {
            assertThatIllegalArgumentException().isThrownBy(() -> Plan.parse(text.getBytes(StandardCharsets.UTF_8)));
        }
    }
}
