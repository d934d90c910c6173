"""Begin a training from an exported model: its convolutions hold the batch norms folded in; unfold them."""
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from vision.training.net import CornerNet


def convolutions(path: Path) -> list[tuple[Tensor, Tensor]]:
    """Weight and bias of every convolution of an ONNX file in the order they are computed."""
    graph = onnx.load(str(path)).graph
    held = {each.name: torch.from_numpy(np.array(numpy_helper.to_array(each))) for each in graph.initializer}
    return [(held[node.input[1]], held[node.input[2]]) for node in graph.node if node.op_type == "Conv"]


def begin_from(path: Path, net: CornerNet, pictures: Tensor) -> None:
    """Give the net the file's weights where shapes match, new channels stay as they are; batch norms are set so
    that on these pictures the net answers as the file does, in training as in use."""
    layers = [m for m in computed(net, pictures[:1]) if isinstance(m, nn.Conv2d)]
    kept = convolutions(path)
    if len(kept) != len(layers):
        raise ValueError(f"{path} has {len(kept)} convolutions; this net has {len(layers)}.")
    biases: dict[nn.Module, Tensor] = {}
    for layer, (weight, bias) in zip(layers, kept, strict=True):
        rows = min(len(weight), len(layer.weight))
        with torch.no_grad():
            layer.weight[:rows] = weight[:rows]
            if layer.bias is not None:
                layer.bias[:rows] = bias[:rows]
        biases[layer] = bias
    unfold(net, biases, pictures)


def computed(net: nn.Module, pictures: Tensor) -> list[nn.Module]:
    """The net's leaves in the order they are computed."""
    order: list[nn.Module] = []
    hooks = [m.register_forward_hook(lambda module, _, __: order.append(module)) for m in net.modules()
             if not list(m.children())]
    with torch.no_grad():
        net(pictures)
    for hook in hooks:
        hook.remove()
    return order


def unfold(net: nn.Module, biases: dict[nn.Module, Tensor], pictures: Tensor) -> None:
    """Set each batch norm so that it adds its convolution's folded bias and has these pictures' statistics."""
    before: dict[nn.Module, Tensor] = {}
    order = computed(net, pictures[:1])
    for convolution, norm in pairwise(order):
        if isinstance(norm, nn.BatchNorm2d):
            before[norm] = biases[convolution]

    def settle(norm: nn.Module, given: tuple[Tensor, ...]) -> None:
        mean, spread = given[0].mean((0, 2, 3)), given[0].var((0, 2, 3), unbiased=False)
        assert isinstance(norm, nn.BatchNorm2d)  # noqa: S101  # narrows for the type checker
        norm.running_mean, norm.running_var = mean.clone(), spread.clone()
        norm.weight.copy_(torch.sqrt(spread + norm.eps))
        norm.bias.copy_(before[norm] + mean)

    hooks = [norm.register_forward_pre_hook(settle) for norm in before]
    net.eval()
    with torch.no_grad():
        net(pictures)
    net.train()
    for hook in hooks:
        hook.remove()
