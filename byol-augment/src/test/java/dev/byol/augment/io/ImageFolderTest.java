package dev.byol.augment.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.byol.augment.Image;
import java.awt.Color;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFolderTest {
    @TempDir
    Path folder;

    private Path write(String name, BufferedImage image) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        String format = name.substring(name.lastIndexOf('.') + 1).toLowerCase(java.util.Locale.ROOT);
        assertThat(ImageIO.write(image, format, file.toFile())).isTrue();
        return file;
    }

    private static BufferedImage image(int type, Color left, Color right) {
        BufferedImage image = new BufferedImage(16, 8, type);
        for (int y = 0; y < 8; y++) {
            for (int x = 0; x < 16; x++) {
                image.setRGB(x, y, (x < 8 ? left : right).getRGB());
            }
        }
        return image;
    }

    private Image only(BufferedImage image, String format) throws IOException {
        write("a." + format, image);
        return ImageFolder.open(folder).image(0);
    }

    private static int[] pixel(Image image, int x, int y) {
        return IntStream.range(0, 3).map(c -> image.sample(x, y, c)).toArray();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                BufferedImage.TYPE_3BYTE_BGR,
                BufferedImage.TYPE_INT_RGB,
                BufferedImage.TYPE_INT_ARGB,
                BufferedImage.TYPE_4BYTE_ABGR,
                BufferedImage.TYPE_BYTE_INDEXED
            })
    void png_ofAnyKind_hasItsColours(int type) throws IOException {
        Image image = only(image(type, new Color(255, 0, 51), new Color(0, 102, 204)), "png");
        assertThat(image.width()).isEqualTo(16);
        assertThat(image.height()).isEqualTo(8);
        assertThat(pixel(image, 0, 0)).containsExactly(255, 0, 51);
        assertThat(pixel(image, 15, 7)).containsExactly(0, 102, 204);
    }

    @Test
    void transparency_isIgnored() throws IOException {
        Image image =
                only(image(BufferedImage.TYPE_INT_ARGB, new Color(10, 20, 30, 0), new Color(1, 2, 3, 128)), "png");
        assertThat(pixel(image, 0, 0)).containsExactly(10, 20, 30);
        assertThat(pixel(image, 8, 0)).containsExactly(1, 2, 3);
    }

    @Test
    void gray_hasThreeEqualChannels_unchanged() throws IOException {
        BufferedImage gray = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
        gray.getRaster().setSample(0, 0, 0, 77);
        gray.getRaster().setSample(1, 0, 0, 200);
        Image image = only(gray, "png");
        assertThat(pixel(image, 0, 0)).containsExactly(77, 77, 77);
        assertThat(pixel(image, 1, 0)).containsExactly(200, 200, 200);
    }

    @Test
    void sixteenBits_keepTheUpperByte() throws IOException {
        BufferedImage gray = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
        gray.getRaster().setSample(0, 0, 0, 0x12FF);
        gray.getRaster().setSample(1, 0, 0, 0xFF00);
        Image image = only(gray, "png");
        assertThat(pixel(image, 0, 0)).containsExactly(0x12, 0x12, 0x12);
        assertThat(pixel(image, 1, 0)).containsExactly(0xFF, 0xFF, 0xFF);
        ComponentColorModel model = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_sRGB), false, false, Transparency.OPAQUE, DataBuffer.TYPE_USHORT);
        WritableRaster raster = model.createCompatibleWritableRaster(1, 1);
        raster.setPixel(0, 0, new int[] {0x0102, 0x8000, 0xFEFF});
        assertThat(pixel(only(new BufferedImage(model, raster, false, null), "png"), 0, 0))
                .containsExactly(0x01, 0x80, 0xFE);
    }

    @Test
    void oneBit_isBlackAndWhite() throws IOException {
        byte[] levels = {0, (byte) 255};
        BufferedImage bits = new BufferedImage(
                9, 1, BufferedImage.TYPE_BYTE_BINARY, new IndexColorModel(1, 2, levels, levels, levels));
        bits.getRaster().setSample(8, 0, 0, 1);
        Image image = only(bits, "png");
        assertThat(pixel(image, 0, 0)).containsExactly(0, 0, 0);
        assertThat(pixel(image, 8, 0)).containsExactly(255, 255, 255);
    }

    @Test
    void jpeg_colourAndGray_closeToTheOriginal() throws IOException {
        Image colour = only(image(BufferedImage.TYPE_3BYTE_BGR, Color.RED, Color.BLUE), "jpg");
        assertThat(colour.sample(2, 3, 0)).isCloseTo(255, within(6));
        assertThat(colour.sample(2, 3, 2)).isCloseTo(0, within(6));
        assertThat(colour.sample(13, 3, 2)).isCloseTo(255, within(6));
        BufferedImage gray = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
        Arrays.fill(((java.awt.image.DataBufferByte) gray.getRaster().getDataBuffer()).getData(), (byte) 77);
        Image image = only(gray, "jpg");
        assertThat(image.sample(4, 4, 0)).isCloseTo(77, within(2));
        assertThat(image.sample(4, 4, 1)).isEqualTo(image.sample(4, 4, 0));
    }

    @Test
    void subfolders_areClassesInTheOrderOfTheirNames() throws IOException {
        BufferedImage any = image(BufferedImage.TYPE_INT_RGB, Color.RED, Color.RED);
        write("zebra/1.png", any);
        write("ant/deep/er/2.PNG", any);
        write("ant/1.jpeg", any);
        write("bee/x.jpg", any);
        write("bee/.hidden.png", any);
        write(".git/y.png", any);
        Files.createDirectory(folder.resolve("cow"));
        Files.writeString(folder.resolve("README.txt"), "no image");
        ImageFolder images = ImageFolder.open(folder);
        assertThat(images.size()).isEqualTo(4);
        assertThat(images.classNames()).containsExactly("ant", "bee", "zebra");
        assertThat(IntStream.range(0, 4).map(images::label)).containsExactly(0, 0, 1, 2);
        assertThat(IntStream.range(0, 4)
                        .mapToObj(i -> folder.relativize(images.file(i)).toString()))
                .isEqualTo(List.of("ant/1.jpeg", "ant/deep/er/2.PNG", "bee/x.jpg", "zebra/1.png"));
        assertThat(images.name(2)).isEqualTo(folder.resolve("bee/x.jpg").toString());
    }

    @Test
    void imagesInTheFolderItself_nothingIsLabelled() throws IOException {
        BufferedImage any = image(BufferedImage.TYPE_INT_RGB, Color.RED, Color.RED);
        write("b.png", any);
        write("a.png", any);
        write("more/c.png", any);
        ImageFolder images = ImageFolder.open(folder);
        assertThat(images.classNames()).isEmpty();
        assertThat(IntStream.range(0, 3).map(images::label)).containsOnly(ImageSource.UNLABELLED);
        assertThat(images.file(0)).hasFileName("a.png");
    }

    @Test
    void unreadableFile_namedInTheError() throws IOException {
        for (String format : List.of("png", "jpg")) {
            Path good = write("a." + format, image(BufferedImage.TYPE_INT_RGB, Color.RED, Color.BLUE));
            byte[] bytes = Files.readAllBytes(good);
            Path cut = folder.resolve("b." + format);
            for (int length = 0; length < bytes.length; length += 3) {
                Files.write(cut, Arrays.copyOf(bytes, length));
                assertThatThrownBy(() -> ImageFolder.open(folder).image(1))
                        .as(format + " cut to " + length + " bytes")
                        .isInstanceOf(IOException.class)
                        .hasMessageStartingWith(cut + ": ");
            }
            Files.delete(good);
            Files.delete(cut);
        }
        Path text = Files.writeString(folder.resolve("c.jpg"), "this is no image");
        assertThatThrownBy(() -> ImageFolder.open(folder).image(0))
                .isInstanceOf(IOException.class)
                .hasMessage(text
                        + ": found a file that begins with bytes 74 68 69 73 20 69 73 20, expected a JPEG, PNG, GIF, BMP, "
                        + "TIFF or WebP image");
    }

    @Test
    void noImage_refused() throws IOException {
        Files.writeString(folder.resolve("notes.txt"), "x");
        assertThatThrownBy(() -> ImageFolder.open(folder))
                .isInstanceOf(DatasetException.class)
                .hasMessage(folder
                        + ": found no file that ends in .jpg, .jpeg, .png, .bmp, .gif, .webp, .tif, .tiff,"
                        + " expected a folder with image files");
        assertThatThrownBy(() -> ImageFolder.open(folder.resolve("notes.txt"))).hasMessageContaining("found a file");
        assertThatThrownBy(() -> ImageFolder.open(folder.resolve("nowhere"))).hasMessageContaining("found nothing");
    }
}
