package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PngTest {
    @Test
    void encode_decoded_isTheImage() throws IOException {
        byte[] rgb = {0, 1, 2, (byte) 255, (byte) 254, (byte) 128, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120};
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(Png.encode(rgb, 3, 2)));
        assertThat(image.getWidth()).isEqualTo(2);
        assertThat(image.getHeight()).isEqualTo(3);
        assertThat(image.getRGB(0, 0)).isEqualTo(0xff000102);
        assertThat(image.getRGB(1, 0)).isEqualTo(0xfffffe80);
        assertThat(image.getRGB(0, 1)).isEqualTo(0xff0a141e);
        assertThat(image.getRGB(1, 2)).isEqualTo(0xff646e78);
    }

    @Test
    void dataUri_isThePngInBase64() {
        String uri = Png.dataUri(new byte[3], 1, 1);
        assertThat(uri).startsWith("data:image/png;base64,");
        assertThat(Base64.getDecoder().decode(uri.substring(uri.indexOf(',') + 1)))
                .isEqualTo(Png.encode(new byte[3], 1, 1));
    }

    @Test
    void encode_wrongSize_isNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Png.encode(new byte[11], 2, 2))
                .withMessage("image of height 2 and width 2 must have 12 bytes, got 11");
    }
}
