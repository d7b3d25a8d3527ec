package io.pushwire.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IdsTest {
  @Test
  void newIdsAreOrderedByTimeAndNeverTheSame() {
    long before = System.currentTimeMillis();
    Set<UUID> all = new HashSet<>();
    long last = before;
    for (int i = 0; i < 100_000; i++) {
      UUID id = Ids.next();
      assertThat(id.version()).isEqualTo(7);
      assertThat(id.variant()).isEqualTo(2);
      long millis = id.getMostSignificantBits() >>> 16;
      assertThat(millis).isGreaterThanOrEqualTo(last);
      last = millis;
      all.add(id);
    }
    assertThat(last).isLessThanOrEqualTo(System.currentTimeMillis());
    assertThat(all).hasSize(100_000);
  }

  @Test
  void derivedIdsBelongToTheirSource() {
    UUID id = Ids.derive("orders", "17");
    assertThat(id.version()).isEqualTo(8);
    assertThat(id.variant()).isEqualTo(2);
    assertThat(id)
        .isEqualTo(Ids.derive("orders", "17"))
        .isNotEqualTo(Ids.derive("orders", "18"))
        .isNotEqualTo(Ids.derive("order", "s17"))
        .isNotEqualTo(Ids.derive("ws", "17"));
  }

  @Test
  void derivedIdsStayTheSameForEver() {
    // printf 'orders\0%s' 17 | sha256sum, with version and variant put in
    assertThat(Ids.derive("orders", "17")).hasToString("11366f23-0375-8b7f-94ce-bfbb2b8a7545");
  }
}
